/** The wall clock of a zone, as shops write it that write no zone: `2026-10-25T02:30:00`. */

const formats = new Map<string, Intl.DateTimeFormat>();

export function toLocalText(instant: Date, timeZone: string): string {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const at = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return `${at('year')}-${at('month')}-${at('day')}T${at('hour')}:${at('minute')}:${at('second')}`;
}

/**
 * The instant of a wall clock's time, with the offset it had: `2026-10-25T02:30:00+02:00`. Of the hour that comes twice when
 * summer time ends, the first; a time that the clock skipped is read as if it had not been put forward yet. Null for anything
 * that is not such a time.
 */
export function fromLocalText(text: string, timeZone: string): string | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return null;
  const asUtcMs = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtcMs)) return null;
  const earliest = offsetMinutes(new Date(asUtcMs - 86_400_000), timeZone);
  const latest = offsetMinutes(new Date(asUtcMs + 86_400_000), timeZone);
  const fits = [earliest, latest].find(
    (minutes) => toLocalText(new Date(asUtcMs - minutes * 60_000), timeZone) === text,
  );
  return `${text}${offsetText(fits ?? earliest)}`;
}

function offsetMinutes(instant: Date, timeZone: string): number {
  const whole = Math.floor(instant.getTime() / 1000) * 1000;
  return (Date.parse(`${toLocalText(instant, timeZone)}Z`) - whole) / 60_000;
}

function offsetText(minutes: number): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(timeZone, made);
  return made;
}
