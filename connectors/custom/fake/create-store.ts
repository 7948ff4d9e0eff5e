import {
  newWebhookSecret,
  toldListing,
  toldOrder,
  verifyWebhook,
  type ChannelOrder,
  type ToldListing,
  type ToldOrder,
} from '../../../src/connector-kit/index.ts';
import { systemClock, type Clock } from '../../../src/kernel/index.ts';
import { openOutbox, type Outbox } from './outbox.ts';
import { noFaults, type StoreFaults, type StoreReceipt, type StoreState } from './state.ts';
import { allCancelled, readStoreMessage, takeMessage } from './take-message.ts';

export type StoreOptions = {
  readonly clock?: Clock;
  readonly secret?: string;
  readonly fetch?: typeof globalThis.fetch;
};

/** A seller's own store, as its developer would write it. The methods are what buyers and staff do. */
export type FakeStore = {
  readonly state: StoreState;
  readonly faults: StoreFaults;
  /** What the store tells the hub. */
  readonly outbox: Outbox;
  /** Signs what it sends; both are taken where a rotation has left two. */
  secrets: string[];
  /** The endpoint: one message of the hub. */
  fetch(request: Request): Promise<Response>;
  list(listing: ToldListing): void;
  placeOrder(order: ToldOrder): ChannelOrder;
  changeOrder(externalId: string, change: Partial<ChannelOrder>): ChannelOrder;
  /** Its developer wrote something that is none of our words: what it tells is as wrong as `change`. */
  tellWrongly(externalId: string, change: Readonly<Record<string, unknown>>): void;
  /** Tells each line as an order of its own that is part of the first; shipping stays with the first part. */
  splitOrder(externalId: string): readonly ChannelOrder[];
  /** Tells the cancel alone, without the order, as small stores do. */
  cancelOrder(externalId: string, reason: string): ChannelOrder;
  order(externalId: string): ChannelOrder;
};

export function createStore(options: StoreOptions = {}): FakeStore {
  const clock = options.clock ?? systemClock;
  const faults: StoreFaults = { ...noFaults };
  const state: StoreState = {
    listings: new Map(),
    orders: new Map(),
    stock: new Map(),
    taken: new Set(),
    receipts: [],
  };
  const now = (): Date => new Date(clock.now().getTime() + faults.clockSkewMs);
  const fetch: typeof globalThis.fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const outbox = openOutbox({ now, fetch, secret: () => store.secrets[0] ?? '' });
  const keep = (order: ChannelOrder, type: string, data: unknown = order): ChannelOrder => {
    state.orders.set(order.externalId, order);
    outbox.add(type, data);
    return order;
  };
  const order: FakeStore['order'] = (externalId) => {
    const found = state.orders.get(externalId);
    if (found === undefined) throw new Error(`the store has no order ${externalId}`);
    return found;
  };
  const changed = (before: ChannelOrder): ChannelOrder => ({
    ...before,
    version: String(BigInt(before.version ?? '0') + 1n),
    updatedAt: now().toISOString(),
  });
  const store: FakeStore = {
    state,
    faults,
    outbox,
    secrets: [options.secret ?? newWebhookSecret()],
    order,
    async fetch(request) {
      const rawBody = new Uint8Array(await request.arrayBuffer());
      if (faults.latencyMs > 0) await clock.sleep(faults.latencyMs);
      const { receipt, order: told } = answer(store, { headers: request.headers, rawBody }, now());
      state.receipts.push(receipt);
      if (told !== null) keep(changed(told), 'order.updated');
      const text = receipt.outcome === 'failed' ? `{"error":"${receipt.type} failed"}` : '';
      return new Response(receipt.status === 204 ? null : text, { status: receipt.status });
    },
    list(listing) {
      const parsed = toldListing.parse(listing);
      state.listings.set(parsed.externalId, parsed);
      outbox.add('listing.updated', parsed);
    },
    placeOrder: (told) => keep({ ...toldOrder.parse(told), version: '1' }, 'order.created'),
    changeOrder: (externalId, change) => keep(changed({ ...order(externalId), ...change }), 'order.updated'),
    tellWrongly: (externalId, change) => outbox.add('order.updated', { ...changed(order(externalId)), ...change }),
    splitOrder: (externalId) => partsOf(order(externalId)).map((part) => keep(part, 'order.created')),
    cancelOrder(externalId, reason) {
      const before = order(externalId);
      const cancelledAt = now().toISOString();
      const after = { ...changed(before), cancelledAt, cancelReason: reason, lines: allCancelled(before) };
      return keep(after, 'order.cancelled', { externalId, cancelledAt, reason });
    },
  };
  return store;
}

function partsOf(whole: ChannelOrder): ChannelOrder[] {
  return whole.lines.map((line, index) => {
    const shipping = index === 0 ? whole.shipping : [];
    const totalMinor = shipping.reduce((sum, { amountMinor }) => sum + amountMinor, line.amountMinor);
    const ids = { externalId: `${whole.externalId}/${index + 1}`, partOfExternalId: whole.externalId, version: '1' };
    return { ...whole, ...ids, totalMinor, lines: [line], shipping };
  });
}

type Answer = { readonly receipt: StoreReceipt; readonly order: ChannelOrder | null };

/** Verifies, knows repeats, applies. What was not answered 2xx is not known, unless the answer was lost. */
function answer(store: FakeStore, request: { headers: Headers; rawBody: Uint8Array }, now: Date): Answer {
  const { state, faults } = store;
  const id = verifyWebhook(store.secrets, request, now);
  const done = (type: string, outcome: StoreReceipt['outcome'], status: number, order: ChannelOrder | null = null) => ({
    receipt: { id: id ?? '', type, outcome, status },
    order,
  });
  if (id === null) return done('', 'unsigned', 401);
  const text = Buffer.from(request.rawBody).toString('utf8');
  const message = readStoreMessage(text);
  if (faults.status !== null) return done(message.type, 'failed', faults.status);
  if (isPoisoned(message, faults)) return done(message.type, 'failed', 422);
  if (state.taken.has(id)) return done(message.type, 'repeated', 200);
  const order = tryTaking(state, message, now);
  if (order === 'refused') return done(message.type, 'failed', 422);
  state.taken.add(id);
  if (faults.loseAnswers === 0) return done(message.type, 'applied', 204, order);
  faults.loseAnswers -= 1;
  return done(message.type, 'applied', 504, order);
}

function tryTaking(...given: Parameters<typeof takeMessage>): ChannelOrder | null | 'refused' {
  try {
    return takeMessage(...given);
  } catch {
    return 'refused';
  }
}

function isPoisoned(message: ReturnType<typeof readStoreMessage>, { poison }: StoreFaults): boolean {
  return message.type === 'stock.updated' && message.data.items.some((item) => poison.has(item.listingExternalId));
}
