import * as prom from 'prom-client';
import { labelCap } from './label-cap.ts';

export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** Read when `/metrics` is asked for. */
export type Gauge = {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  read(): Promise<readonly Sample[]> | readonly Sample[];
};

/** `throttled`: 429. `refused`: any other 4xx. `failed`: 5xx. `unknown`: a write that may have been carried out. */
export type CallOutcome = 'ok' | 'refused' | 'throttled' | 'failed' | 'unreachable' | 'unknown' | 'aborted';

export type Metrics = {
  /** `name` has its unit at the end: `wharf_inbox_age_seconds`. A gauge that cannot be read is left out of that answer. */
  addGauge(gauge: Gauge): void;
  /** `route` is the pattern (`/api/v1/orders/:id`), never the path. */
  observeRequest(request: { method: string; route: string; status: number; durationMs: number }): void;
  observeDrain(drain: { kind: string; outcome: 'empty' | 'stopped' | 'failed' | 'lost'; durationMs: number }): void;
  /** This process holds a lease of this kind from now on, until what is answered is called. */
  holdLease(kind: string): () => void;
  /** How many lanes of a kind the last sweep found due. */
  setDue(kind: string, lanes: number): void;
  countRing(kind: string): void;
  /** One HTTP call to a shop's channel. */
  observeCall(call: { shopId: string; outcome: CallOutcome; durationMs: number }): void;
  /** From the first change of a listing's number to the channel's acknowledgement, for each listing told. */
  observePushDelays(delaysMs: readonly number[]): void;
  /** Documents of orders that were judged, by what became of them. */
  countDocuments(counts: Readonly<Record<'created' | 'updated' | 'unchanged' | 'older' | 'parked', number>>): void;
  /** Prometheus text format, version 0.0.4. */
  render(): Promise<{ contentType: string; text: string }>;
};

/** A registry of its own: two of them in one process do not meet. */
export function createMetrics(options: { readonly processMetrics?: boolean } = {}): Metrics {
  const registry = new prom.Registry();
  const registers = [registry];
  if (options.processMetrics !== false) prom.collectDefaultMetrics({ register: registry });
  const requests = new prom.Histogram({
    name: 'wharf_http_request_seconds',
    help: 'How long requests took',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const drains = new prom.Histogram({
    name: 'wharf_lane_drain_seconds',
    help: 'How long a lane was drained under one lease; outcome failed counts the failures',
    labelNames: ['kind', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120],
    registers,
  });
  const due = new prom.Gauge({
    name: 'wharf_lanes_due',
    help: 'Lanes with work that is due, as the last sweep of this process found them',
    labelNames: ['kind'],
    registers,
  });
  const rings = new prom.Counter({
    name: 'wharf_queue_rings_total',
    help: 'Rings asked for by this process, before those of one lane within 100 ms become one',
    labelNames: ['kind'],
    registers,
  });
  const calls = new prom.Counter({
    name: 'wharf_outgoing_calls_total',
    help: 'Calls to channels by shop and outcome',
    labelNames: ['shop', 'outcome'],
    registers,
  });
  const callSeconds = new prom.Histogram({
    name: 'wharf_outgoing_call_seconds',
    help: 'How long calls to channels took until the head of the answer',
    labelNames: ['shop'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const pushDelays = new prom.Histogram({
    name: 'wharf_push_delay_seconds',
    help: "From the first change of a listing's number to the channel's acknowledgement",
    buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600],
    registers,
  });
  const documents = new prom.Counter({
    name: 'wharf_order_documents_total',
    help: 'Documents of orders judged by this process; outcome created is an order taken in',
    labelNames: ['outcome'],
    registers,
  });
  const shopLabel = labelCap();
  const leases = new Map<symbol, { readonly kind: string; readonly sinceMs: number }>();
  addGauge(registry, leaseAge(leases));
  return {
    addGauge: (gauge) => addGauge(registry, gauge),
    observeRequest: ({ method, route, status, durationMs }) =>
      requests.observe({ method, route, status: String(status) }, durationMs / 1000),
    observeDrain: ({ kind, outcome, durationMs }) => drains.observe({ kind, outcome }, durationMs / 1000),
    holdLease(kind) {
      const lease = Symbol(kind);
      leases.set(lease, { kind, sinceMs: performance.now() });
      return () => void leases.delete(lease);
    },
    setDue: (kind, lanes) => due.set({ kind }, lanes),
    countRing: (kind) => rings.inc({ kind }),
    observeCall({ shopId, outcome, durationMs }) {
      const shop = shopLabel(shopId);
      calls.inc({ shop, outcome });
      callSeconds.observe({ shop }, durationMs / 1000);
    },
    observePushDelays(delaysMs) {
      for (const delayMs of delaysMs) pushDelays.observe(Math.max(0, delayMs) / 1000);
    },
    countDocuments(counts) {
      for (const [outcome, count] of Object.entries(counts)) if (count > 0) documents.inc({ outcome }, count);
    },
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function leaseAge(leases: ReadonlyMap<symbol, { readonly kind: string; readonly sinceMs: number }>): Gauge {
  return {
    name: 'wharf_lane_lease_age_seconds',
    help: 'How long this process has held its oldest lease of a kind',
    labels: ['kind'],
    read() {
      const oldest = new Map<string, number>();
      for (const { kind, sinceMs } of leases.values()) {
        oldest.set(kind, Math.min(sinceMs, oldest.get(kind) ?? Number.POSITIVE_INFINITY));
      }
      return [...oldest].map(([kind, sinceMs]) => ({ labels: { kind }, value: (performance.now() - sinceMs) / 1000 }));
    },
  };
}

function addGauge(registry: prom.Registry, gauge: Gauge): void {
  new prom.Gauge({
    name: gauge.name,
    help: gauge.help,
    labelNames: [...gauge.labels],
    registers: [registry],
    async collect() {
      this.reset();
      // A gauge without labels is set to 0 by that, which would be a lie while its source is away.
      if (gauge.labels.length === 0) this.remove();
      let samples: readonly Sample[] = [];
      try {
        samples = await gauge.read();
      } catch {
        // One gauge whose source is away must not take the others' answer away.
      }
      for (const { labels, value } of samples) this.set(labels, value);
    },
  });
}
