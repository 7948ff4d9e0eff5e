const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-21`: the day that `instant` falls on there. */
export function dayIn(timeZone: string, instant: Date): string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return format.format(instant);
}

export function yearIn(timeZone: string, instant: Date): number {
  return Number(dayIn(timeZone, instant).slice(0, 4));
}
