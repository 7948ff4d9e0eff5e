import { Fault } from './fault.ts';

/** One page of a list ordered by key. `next` is opaque; null when the list has ended. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

export type PageRequest = { readonly after: string | null; readonly limit: number };

export const pageSizeDefault = 50;
export const pageSizeMax = 200;

/** The key of the last row seen, as text in column order: timestamps as Postgres wrote them, never a JS Date. */
export type PageKey = readonly (string | null)[];

export function encodeCursor(key: PageKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Reads a cursor of `length` parts. Throws Fault `page.bad_cursor`. */
export function decodeCursor(cursor: string, length: number): PageKey {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(key) &&
      key.length === length &&
      key.every((part): part is string | null => part === null || typeof part === 'string')
    ) {
      return key;
    }
  } catch {
    // Falls through to the one answer a bad cursor gets.
  }
  throw new Fault('invalid', 'page.bad_cursor', {
    message: 'after: is not a cursor of this list',
    fields: [{ path: 'after', code: 'page.bad_cursor', message: 'is not a cursor of this list' }],
  });
}

/** Cuts `limit + 1` fetched rows to a page; the extra row only says that there is more. */
export function toPage<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => PageKey): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
