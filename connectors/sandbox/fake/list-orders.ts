import { decodeCursor, encodeCursor } from '../../../src/kernel/index.ts';
import type { SandboxFaults } from './faults.ts';
import { ShopRefusal, type Shop } from './shop.ts';
import type { ShopOrder } from './state.ts';

export type OrderQuery = {
  since: string | null;
  cursor: string | null;
  limit: number;
  isHidden: (order: ShopOrder) => boolean;
};

/**
 * One page by (updated_at, id), ascending, from `since` on (inclusive) or after the cursor. The cursor is the key of the
 * last row, so rows that move to the end are seen again rather than missed.
 */
export function listOrders(shop: Shop, query: OrderQuery): { orders: ShopOrder[]; next: string | null } {
  const after = query.cursor === null ? null : readCursor(query.cursor);
  const since = query.since ?? '';
  const rows = Object.values(shop.state.orders)
    .filter((order) => order.updatedAt >= since && !query.isHidden(order))
    .filter((order) => after === null || compareKeys([order.updatedAt, order.id], after) > 0)
    .toSorted((a, b) => compareKeys([a.updatedAt, a.id], [b.updatedAt, b.id]));
  const orders = rows.slice(0, query.limit);
  const last = orders.at(-1);
  const isMore = rows.length > query.limit && last !== undefined;
  return { orders, next: isMore ? encodeCursor([last.updatedAt, last.id]) : null };
}

/** An index that is late for some rows, as the faults say. */
export function lateRows(shop: Shop, faults: SandboxFaults): OrderQuery['isHidden'] {
  const hiddenUntilMs = new Map<string, number>();
  const nowMs = (): number => shop.clock.now().getTime();
  shop.onCommit((_, { order }) => {
    if (order === undefined || faults.listLateNext === 0) return;
    faults.listLateNext -= 1;
    hiddenUntilMs.set(order.id, nowMs() + faults.listLagMs);
  });
  return (order) => (hiddenUntilMs.get(order.id) ?? 0) > nowMs();
}

type Key = readonly [updatedAt: string, id: string];

function compareKeys(a: Key, b: Key): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  if (a[1] === b[1]) return 0;
  return a[1] < b[1] ? -1 : 1;
}

function readCursor(cursor: string): Key {
  try {
    const [updatedAt, id] = decodeCursor(cursor, 2);
    return [updatedAt ?? '', id ?? ''];
  } catch {
    throw new ShopRefusal(422, 'bad_cursor', 'not a cursor of this list');
  }
}
