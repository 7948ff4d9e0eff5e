import type { Clock } from '../../../src/kernel/index.ts';
import type { JournalEntry, ShopOrder, ShopState, Writer } from './state.ts';

/** What one accepted write changed. */
export type Change = {
  readonly by: Writer;
  readonly kind: JournalEntry['kind'];
  readonly subject: string;
  readonly detail?: JournalEntry['detail'];
  readonly order?: ShopOrder;
  /** Keys of `levels` that changed. */
  readonly levelKeys?: readonly string[];
};

/** A refusal in the vendor's words; the API answers with the status and `{ error: { code, message } }`. */
export class ShopRefusal extends Error {
  readonly status: 401 | 404 | 409 | 422;
  readonly code: string;

  constructor(status: 401 | 404 | 409 | 422, code: string, message: string) {
    super(message);
    this.name = 'ShopRefusal';
    this.status = status;
    this.code = code;
  }
}

/** The running storefront behind the API: its state, its clock, and the one place where a write is accepted. */
export type Shop = {
  readonly state: ShopState;
  readonly clock: Clock;
  nextId(): string;
  /** Orders it has ever taken. */
  orderCount(): number;
  nowText(): string;
  /** Counts up the order's version and change time, writes the journal, tells those who listen. */
  commit(change: Change): void;
  onCommit(listener: (entry: JournalEntry, change: Change) => void): void;
};

/** What the shop writes as an order's change time. */
export type ChangeTime = (order: ShopOrder, entry: JournalEntry) => string;

export function openShop(state: ShopState, clock: Clock, changeTime: ChangeTime = (_, { at }) => at): Shop {
  const listeners: ((entry: JournalEntry, change: Change) => void)[] = [];
  let orders = Object.keys(state.orders).length;
  const nowText = (): string => clock.now().toISOString();
  return {
    state,
    clock,
    nowText,
    nextId: () => idText((state.sequence += 1)),
    orderCount: () => orders,
    onCommit: (listener) => void listeners.push(listener),
    commit(change) {
      const { by, kind, subject, detail = {}, order, levelKeys = [] } = change;
      const entry: JournalEntry = {
        seq: (state.journal.at(-1)?.seq ?? 0) + 1,
        at: nowText(),
        by,
        kind,
        subject,
        detail,
      };
      if (order !== undefined) {
        order.version += 1;
        order.updatedAt = changeTime(order, entry);
        if (state.orders[order.id] === undefined) orders += 1;
        state.orders[order.id] = order;
      }
      countLevels(state, levelKeys, entry.seq);
      state.journal.push(entry);
      for (const listener of listeners) listener(entry, change);
    },
  };
}

/** Gives listings whose levels changed the number of the write that changed them. */
export function countLevels(state: ShopState, levelKeys: readonly string[], seq: number): void {
  const versions = (state.stockVersions ??= {});
  for (const key of levelKeys) versions[key.slice(0, key.indexOf('/'))] = seq;
}

/** Twenty digits, above what a 64-bit integer holds. */
function idText(sequence: number): string {
  return (90_000_000_000_000_000_000n + BigInt(sequence)).toString();
}

export function orderOf(shop: Shop, orderId: string): ShopOrder {
  const order = shop.state.orders[orderId];
  if (order === undefined) throw new ShopRefusal(404, 'order_not_found', 'no such order');
  return order;
}

/** Compare-and-set by the version the caller has read; null accepts any. */
export function checkVersion(order: ShopOrder, ifVersion: number | null): void {
  if (ifVersion !== null && order.version !== ifVersion) {
    throw new ShopRefusal(409, 'version_conflict', `order is at version ${order.version}`);
  }
}
