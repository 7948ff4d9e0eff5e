/**
 * Walks a Vendure list up one time column without losing a row while rows move.
 *
 * Vendure's ordering (3.7.3): `after` is strict; `sort` takes several keys but applies them in the order of the schema, in
 * which `id` is first, so `{ updatedAt, id }` sorts by id alone. There is no usable tie-breaker: rows of one time come in any
 * order. Times are shown in milliseconds while PostgreSQL may hold microseconds. So a page asks for everything from one
 * millisecond before the mark, less the ids already given there.
 */
export type Mark = {
  /** ISO time of the last row given. */
  readonly at: string;
  /** Ids given at that millisecond or the one before. */
  readonly seen: readonly string[];
};

export type KeysetRow = { readonly id: string; readonly at: string };

export function markFrom(at: Date): Mark {
  return { at: at.toISOString(), seen: [] };
}

/** The mark moved back, for the next walk to read again what a late commit may have slipped in. */
export function withOverlap(mark: Mark, overlapMs: number): Mark {
  return markFrom(new Date(Date.parse(mark.at) - overlapMs));
}

export function filterAfter(column: string, mark: Mark): Record<string, unknown> {
  return {
    [column]: { after: new Date(Date.parse(mark.at) - 1).toISOString() },
    ...(mark.seen.length === 0 ? {} : { id: { notIn: mark.seen } }),
  };
}

/** The mark behind a page of rows that ascend by time. */
export function advanceMark(mark: Mark, rows: readonly KeysetRow[]): Mark {
  const last = rows.at(-1);
  if (last === undefined) return mark;
  const atMs = Math.max(Date.parse(last.at), Date.parse(mark.at));
  const recent = rows.filter((row) => Date.parse(row.at) >= atMs - 1).map((row) => row.id);
  const kept = atMs - Date.parse(mark.at) <= 1 ? mark.seen : [];
  return { at: new Date(atMs).toISOString(), seen: [...kept, ...recent] };
}
