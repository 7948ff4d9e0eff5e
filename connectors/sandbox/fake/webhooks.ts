import { signHmac } from '../../../src/connector-kit/index.ts';
import type { Clock } from '../../../src/kernel/index.ts';
import type { SandboxFaults } from './faults.ts';
import { jsonText, presentOrder } from './present.ts';
import type { Shop } from './shop.ts';

/** One event, its body fixed when it happened: retries send the same bytes under a fresh time and signature. */
export type WebhookEvent = { readonly id: string; readonly body: string };

export type WebhookSender = {
  /** The latest events, oldest first, dropped ones included. */
  events(): readonly WebhookEvent[];
  headers(event: WebhookEvent, options?: { readonly secret?: string; readonly at?: Date }): Headers;
  /** Resolves when every event has been delivered, dropped or given up. */
  settled(): Promise<void>;
  close(): void;
};

export type WebhookOptions = {
  readonly secret: string;
  readonly fetch: typeof globalThis.fetch;
  readonly faults: SandboxFaults;
};

/** Waits before the second attempt and on; after the last the event is given up and the hub finds it by polling. */
const retryDelaysMs = [500, 2_000, 8_000, 30_000, 120_000, 600_000];
const attemptTimeoutMs = 10_000;
const eventsKept = 1_000;

/** Tells every registered address of each change of an order. */
export function startWebhooks(shop: Shop, options: WebhookOptions): WebhookSender {
  const { secret, faults } = options;
  const events: WebhookEvent[] = [];
  const flights = new Set<Promise<void>>();
  const stop = new AbortController();
  let held: WebhookEvent | null = null;
  const headers: WebhookSender['headers'] = (event, { secret: other = secret, at = shop.clock.now() } = {}) =>
    signedHeaders(event, other, at);
  const send = (event: WebhookEvent): void => {
    for (const url of shop.state.webhookUrls) {
      for (let copy = 0; copy <= faults.webhooksRepeat; copy += 1) {
        const request = { url, headers: () => headers(event), body: event.body, delayMs: faults.webhooksDelayMs };
        const flight = deliver(shop.clock, options.fetch, AbortSignal.any([stop.signal]), request).finally(() =>
          flights.delete(flight),
        );
        flights.add(flight);
      }
    }
  };
  shop.onCommit((entry, { order }) => {
    if (order === undefined) return;
    const kind = entry.kind === 'placed' ? 'order.created' : 'order.updated';
    const event = {
      id: `evt_${entry.seq}_${order.id}`,
      body: eventBody(entry.seq, kind, entry.at, presentOrder(order)),
    };
    events.push(event);
    if (events.length > eventsKept) events.shift();
    if (faults.webhooksDrop > 0) {
      faults.webhooksDrop -= 1;
      return;
    }
    if (faults.webhooksReorder && held === null) {
      held = event;
      return;
    }
    send(event);
    if (held !== null) send(held);
    held = null;
  });
  return {
    events: () => events,
    headers,
    close: () => stop.abort(),
    async settled() {
      while (flights.size > 0) await Promise.all(flights);
    },
  };
}

function eventBody(seq: number, event: string, at: string, order: unknown): string {
  return jsonText({ id: `evt_${seq}`, event, created_at: at, order });
}

function signedHeaders(event: WebhookEvent, secret: string, at: Date): Headers {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = signHmac(secret, [`${event.id}.${timestamp}.`, event.body], 'hex');
  return new Headers({
    'content-type': 'application/json',
    'sandbox-event-id': event.id,
    'sandbox-timestamp': timestamp,
    'sandbox-signature': signature,
  });
}

type Delivery = {
  readonly url: string;
  readonly headers: () => Headers;
  readonly body: string;
  readonly delayMs: number;
};

async function deliver(
  clock: Clock,
  fetch: typeof globalThis.fetch,
  stop: AbortSignal,
  { url, headers, body, delayMs }: Delivery,
): Promise<void> {
  for (const waitMs of [delayMs, ...retryDelaysMs]) {
    const isStopped =
      waitMs > 0 &&
      (await clock.sleep(waitMs, stop).then(
        () => false,
        () => true,
      ));
    if (isStopped || stop.aborted) return;
    const signal = AbortSignal.any([stop, AbortSignal.timeout(attemptTimeoutMs)]);
    const isTaken = await fetch(url, { method: 'POST', headers: headers(), body, signal }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.ok;
      },
      () => false,
    );
    if (isTaken) return;
  }
}
