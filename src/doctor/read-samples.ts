import { sql } from 'drizzle-orm';
import { rows, type AnyDb } from '../platform/db/index.ts';

/** `work` is a kind of work, or `<work>:<shop>` for what waits of one shop. */
export type Sample = { readonly work: string; readonly at: Date; readonly waiting: number };

/** Samples since an instant, oldest first. */
export function readSamples(db: AnyDb, since: Date): Promise<Sample[]> {
  return rows<Sample>(db, sql`select work, at, waiting from backlog_samples where at >= ${since} order by work, at`);
}
