/**
 * Reads the text of a `timestamptz` as Postgres writes it in a UTC session ("2026-11-21 09:30:00.123+00"). A Date cuts
 * microseconds: own columns are `timestamptz(3)`, and cursors carry the text, never the Date.
 * Throws a RangeError for `infinity`, which a Date cannot hold.
 */
export function parseInstant(text: string): Date {
  const utc = text.endsWith('+00') ? `${text.slice(0, -3).replace(' ', 'T')}Z` : text;
  const instant = new Date(utc);
  if (Number.isNaN(instant.getTime())) throw new RangeError(`timestamptz ${text} does not fit a Date`);
  return instant;
}
