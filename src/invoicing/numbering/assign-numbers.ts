import { yearIn } from '../day-in-zone.ts';
import type { SeriesId } from '../ids.ts';
import type { SeriesCounter } from '../locks.ts';
import { formatSerial } from '../series-format.ts';
import type { Draft } from './draft-document.ts';

export type Numbered = Draft & { readonly period: number; readonly serial: number; readonly number: string };

export type Counters = ReadonlyMap<SeriesId, SeriesCounter>;

/**
 * The next numbers of their series, in the order of the drafts. A series that restarts begins at 1 in a new year; a year
 * never goes back, whatever the clock says.
 */
export function assignNumbers(
  drafts: readonly Draft[],
  before: Counters,
  timeZone: string,
  now: Date,
): { numbered: Numbered[]; counters: Counters } {
  const counters = new Map(before);
  const year = yearIn(timeZone, now);
  const numbered = drafts.map((draft) => {
    const counter = counters.get(draft.request.seriesId);
    if (counter === undefined) throw new Error('a series that was not locked');
    const period = counter.restarts === 'yearly' ? Math.max(year, counter.period) : counter.period;
    const serial = period === counter.period ? counter.lastSerial + 1 : 1;
    counters.set(counter.id, { ...counter, period, lastSerial: serial });
    return { ...draft, period, serial, number: formatSerial(counter.format, Math.max(year, period), serial) };
  });
  return { numbered, counters };
}
