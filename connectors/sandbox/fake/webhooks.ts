import type { Clock } from '../../../src/kernel/index.ts';
import type { Trouble } from './faults.ts';
import type { Shop } from './shop.ts';
import type { JournalEntry, ShopOrder } from './state.ts';

/** One event, its body fixed when it happened: retries send the same bytes under a fresh time and signature. */
export type WebhookEvent = { readonly id: string; readonly body: string };

/** How a shop writes what it tells, and how it signs it. */
export type Letter = {
  write(entry: JournalEntry, order: ShopOrder): WebhookEvent;
  headers(event: WebhookEvent, secret: string, at: Date): Headers;
};

/** One event on its way to one address. */
export type Delivery = {
  readonly event: WebhookEvent;
  readonly url: string;
  /** 0 for the first. */
  readonly attempt: number;
  readonly dueAt: Date;
};

export type WebhookSender = {
  /** The latest events, oldest first, dropped ones included. */
  events(): readonly WebhookEvent[];
  headers(event: WebhookEvent, options?: { readonly secret?: string; readonly at?: Date }): Headers;
  /** What is to be sent by the shop's clock, the longest due first. */
  due(): readonly Delivery[];
  /** When the next one is due, or null. */
  nextDueAt(): Date | null;
  /** One attempt; what is not taken is due again later. Resolves with whether it was taken. */
  deliver(delivery: Delivery): Promise<boolean>;
  /** Every delivery that is due, one after another. Resolves with how many were tried. */
  deliverDue(): Promise<number>;
  /** Resolves when every event has been delivered, dropped or given up, where the shop delivers by itself. */
  settled(): Promise<void>;
  close(): void;
};

export type WebhookOptions = {
  readonly secret: string;
  readonly fetch: typeof globalThis.fetch;
  readonly trouble: Trouble;
  /** Null for a shop that never calls anybody. */
  readonly letter: Letter | null;
  /** `self`: on the shop's own clock. `driven`: nothing is sent until `deliver` or `deliverDue`. */
  readonly delivery: 'self' | 'driven';
};

/** Waits before the second attempt and on; after the last the event is given up and the hub finds it by polling. */
const retryDelaysMs = [500, 2_000, 8_000, 30_000, 120_000, 600_000];
const attemptTimeoutMs = 10_000;
const eventsKept = 1_000;

/** Tells every registered address of each change of an order. */
export function startWebhooks(shop: Shop, options: WebhookOptions): WebhookSender {
  const { letter, trouble } = options;
  const events: WebhookEvent[] = [];
  const post = openPost(shop, options, (event) => headers(event));
  const headers: WebhookSender['headers'] = (event, { secret = options.secret, at = shop.clock.now() } = {}) =>
    letter?.headers(event, secret, at) ?? new Headers();
  const send = mischievously(trouble, post.send);
  shop.onCommit((entry, { order }) => {
    if (order === undefined || letter === null) return;
    const event = letter.write(entry, order);
    events.push(event);
    if (events.length > eventsKept) events.shift();
    send(event);
  });
  return { events: () => events, headers, ...post.sender };
}

/** Drops, repeats and reorders events as the faults say. */
function mischievously(trouble: Trouble, send: (event: WebhookEvent) => void): (event: WebhookEvent) => void {
  const { faults } = trouble;
  let held: WebhookEvent | null = null;
  const sendOften = (event: WebhookEvent): void => {
    for (let copy = 0; copy <= faults.webhooksRepeat; copy += 1) {
      if (copy > 0) trouble.happened('webhook_repeated');
      send(event);
    }
  };
  return (event) => {
    if (faults.webhooksDrop > 0) {
      faults.webhooksDrop -= 1;
      return trouble.happened('webhook_dropped');
    }
    if (faults.webhooksReorder && held === null) {
      held = event;
      return undefined;
    }
    sendOften(event);
    if (held !== null) {
      trouble.happened('webhooks_reordered');
      sendOften(held);
    }
    held = null;
    return undefined;
  };
}

type Post = {
  send(event: WebhookEvent): void;
  readonly sender: Omit<WebhookSender, 'events' | 'headers'>;
};

/** What is on its way, in the order it is due. */
function openPost(shop: Shop, options: WebhookOptions, headersOf: (event: WebhookEvent) => Headers): Post {
  const { trouble, delivery: mode } = options;
  const flights = new Set<Promise<unknown>>();
  const stop = new AbortController();
  let pending: Delivery[] = [];
  const add = (delivery: Delivery): void => {
    pending = [...pending, delivery].toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
    if (mode === 'driven') return;
    const flight = waitFor(shop.clock, delivery.dueAt, stop.signal)
      .then((isDue) => isDue && deliver(delivery))
      .finally(() => flights.delete(flight));
    flights.add(flight);
  };
  const deliver = async (delivery: Delivery): Promise<boolean> => {
    pending = pending.filter((other) => other !== delivery);
    const { url, event, attempt } = delivery;
    const signal =
      mode === 'driven' ? stop.signal : AbortSignal.any([stop.signal, AbortSignal.timeout(attemptTimeoutMs)]);
    const isTaken = await attemptOnce(options.fetch, url, headersOf(event), event.body, signal);
    const waitMs = retryDelaysMs[attempt];
    if (!isTaken && waitMs !== undefined && !stop.signal.aborted) {
      add({ ...delivery, attempt: attempt + 1, dueAt: new Date(shop.clock.now().getTime() + waitMs) });
    }
    return isTaken;
  };
  const due = (): Delivery[] => pending.filter(({ dueAt }) => dueAt <= shop.clock.now());
  return {
    send(event) {
      const delayMs = trouble.faults.webhooksDelayMs;
      for (const url of shop.state.webhookUrls) {
        if (delayMs > 0) trouble.happened('webhook_delayed');
        add({ event, url, attempt: 0, dueAt: new Date(shop.clock.now().getTime() + delayMs) });
      }
    },
    sender: {
      due,
      nextDueAt: () => pending[0]?.dueAt ?? null,
      deliver,
      async deliverDue() {
        const tried = due();
        for (const delivery of tried) await deliver(delivery);
        return tried.length;
      },
      close: () => stop.abort(),
      async settled() {
        while (flights.size > 0) await Promise.all(flights);
      },
    },
  };
}

/** False when the shop closes first. */
async function waitFor(clock: Clock, at: Date, stop: AbortSignal): Promise<boolean> {
  const waitMs = at.getTime() - clock.now().getTime();
  if (waitMs <= 0) return !stop.aborted;
  // Very many may wait: a listener each on one signal is warned of as a leak.
  return clock.sleep(waitMs, AbortSignal.any([stop])).then(
    () => !stop.aborted,
    () => false,
  );
}

async function attemptOnce(
  fetch: typeof globalThis.fetch,
  url: string,
  headers: Headers,
  body: string,
  signal: AbortSignal,
): Promise<boolean> {
  return fetch(url, { method: 'POST', headers, body, signal }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
}
