import { sql, type SQL } from 'drizzle-orm';
import { Fault, isId } from '../kernel/index.ts';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';
import type { SeriesId } from './ids.ts';
import type { Restarts } from './series-format.ts';

export type Series = {
  readonly seriesId: SeriesId;
  readonly code: string;
  readonly format: string;
  readonly restarts: Restarts;
  /** The year of the last number; 0 where the series never restarts, or has given none. */
  readonly period: number;
  readonly lastSerial: number;
  readonly state: 'open' | 'locked';
  readonly lockedAt: Date | null;
  readonly lockedBecause: string | null;
  readonly doubtedBefore: Date | null;
};

/** Of `invoice_series s`. */
export const seriesColumns: SQL = sql`s.id as "seriesId", s.code, s.format, s.restarts, s.period, s.last_serial as "lastSerial",
  s.state, s.locked_at as "lockedAt", s.locked_because as "lockedBecause", s.doubted_before as "doubtedBefore"`;

export function listSeries(db: AnyDb): Promise<Series[]> {
  return rows<Series>(db, sql`select ${seriesColumns} from invoice_series s order by s.code limit 200`);
}

/** By id or code. Throws Fault `invoice_series.unknown`. */
export async function needSeries(db: AnyDb, text: string): Promise<Series> {
  const found = await firstRow<Series>(
    db,
    sql`select ${seriesColumns} from invoice_series s
        where ${isId(text) ? sql`s.id = ${text}` : sql`s.code = ${text}`}`,
  );
  if (found !== null) return found;
  throw new Fault('not_found', 'invoice_series.unknown', { message: `there is no series "${text}"` });
}
