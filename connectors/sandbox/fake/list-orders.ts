import { decodeCursor, encodeCursor } from '../../../src/kernel/index.ts';
import { ShopRefusal } from './shop.ts';
import type { ShopOrder } from './state.ts';

/** What a caller of the list asks for, as it came in. */
export type ListQuery = {
  readonly since: string | null;
  readonly cursor: string | null;
  readonly page: string | null;
  readonly limit: number;
};

export type OrderPage = {
  readonly orders: readonly ShopOrder[];
  /** What the caller needs to ask for the next page, in the vendor's words. */
  readonly more: Readonly<Record<string, unknown>>;
};

export type ListOrders = (listed: readonly ShopOrder[], query: ListQuery) => OrderPage;

/** The change time as the shop writes it, which the list is ordered and searched by. */
type ChangeText = (order: ShopOrder) => string;

/**
 * One page by (updated_at, id), ascending, from `since` on (inclusive) or after the cursor. The cursor is the key of the
 * last row, so rows that move to the end are seen again rather than missed.
 */
export function listByCursor(changed: ChangeText): ListOrders {
  return (listed, query) => {
    const after = query.cursor === null ? null : readCursor(query.cursor);
    const since = query.since ?? '';
    const keyOf = (order: ShopOrder): Key => [changed(order), order.id];
    const rows = listed
      .filter((order) => changed(order) >= since)
      .filter((order) => after === null || compareKeys(keyOf(order), after) > 0)
      .toSorted((a, b) => compareKeys(keyOf(a), keyOf(b)));
    const orders = rows.slice(0, query.limit);
    const last = orders.at(-1);
    const isMore = rows.length > query.limit && last !== undefined;
    return { orders, more: { next_cursor: isMore ? encodeCursor([...keyOf(last)]) : null } };
  };
}

/**
 * One page by number, the latest change first and equal times in no promised order: a row that changes moves to the front
 * and pushes the others on.
 */
export function listByPage(changed: ChangeText): ListOrders {
  return (listed, query) => {
    const page = Number(query.page ?? '1');
    if (!Number.isInteger(page) || page < 1) throw new ShopRefusal(422, 'bad_page', 'pages are counted from 1');
    const since = query.since ?? '';
    const rows = listed
      .filter((order) => changed(order) >= since)
      .toSorted((a, b) => compareKeys([changed(b), a.number], [changed(a), b.number]));
    const orders = rows.slice((page - 1) * query.limit, page * query.limit);
    return { orders, more: { page, has_more: rows.length > page * query.limit } };
  };
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
