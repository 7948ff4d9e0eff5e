import * as prom from 'prom-client';

export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** Read when `/metrics` is asked for. */
export type Gauge = {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  read(): Promise<readonly Sample[]>;
};

export type Metrics = {
  /** `name` has its unit at the end: `wharf_inbox_age_seconds`. A gauge that cannot be read is left out of that answer. */
  addGauge(gauge: Gauge): void;
  /** `route` is the pattern (`/api/v1/orders/:id`), never the path. */
  observeRequest(request: { method: string; route: string; status: number; durationMs: number }): void;
  observeDrain(drain: { kind: string; outcome: 'empty' | 'stopped' | 'failed' | 'lost'; durationMs: number }): void;
  /** Prometheus text format, version 0.0.4. */
  render(): Promise<{ contentType: string; text: string }>;
};

/** A registry of its own: two of them in one process do not meet. */
export function createMetrics(options: { readonly processMetrics?: boolean } = {}): Metrics {
  const registry = new prom.Registry();
  if (options.processMetrics !== false) prom.collectDefaultMetrics({ register: registry });
  const requests = new prom.Histogram({
    name: 'wharf_http_request_seconds',
    help: 'How long requests took',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const drains = new prom.Histogram({
    name: 'wharf_lane_drain_seconds',
    help: 'How long a lane was drained under one lease',
    labelNames: ['kind', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120],
    registers: [registry],
  });
  return {
    addGauge: (gauge) => addGauge(registry, gauge),
    observeRequest: ({ method, route, status, durationMs }) =>
      requests.observe({ method, route, status: String(status) }, durationMs / 1000),
    observeDrain: ({ kind, outcome, durationMs }) => drains.observe({ kind, outcome }, durationMs / 1000),
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
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
