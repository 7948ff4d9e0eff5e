import type { FakeOrder, FakeState } from './state.ts';

const pageSizeMax = 100;

/** One page by (updated_at, id). The cursor is the key of the last row, so a row that moves to the end is seen again. */
export function listOrders(
  state: FakeState,
  from: string,
  cursor: string | undefined,
  limit: string | undefined,
): { orders: FakeOrder[]; next_cursor: string | null } {
  const key = (order: FakeOrder): string => `${order.updated_at} ${order.id}`;
  const changed = state.orders.filter((order) => order.updated_at >= from);
  const { rows, next } = pageOf(changed, key, cursor ?? '', limit);
  return { orders: rows, next_cursor: next };
}

export function pageOf<Row>(
  all: readonly Row[],
  key: (row: Row) => string,
  after: string,
  limit: string | undefined,
): { rows: Row[]; next: string | null } {
  const size = Math.min(Number(limit ?? pageSizeMax), pageSizeMax);
  const rest = all.filter((row) => key(row) > after).toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  const rows = rest.slice(0, size);
  const last = rows.at(-1);
  return { rows, next: rest.length > size && last !== undefined ? key(last) : null };
}
