import { sql } from 'drizzle-orm';
import type { AnyDb, Database } from './context.ts';
import { firstRow } from './rows.ts';

/** Postgres's clock, by which everything is due: a process whose own clock is wrong must not act early or late. */
export function readClock(database: Database): Promise<Date> {
  return database.transact({ actor: { kind: 'system', id: 'clock' } }, async (ctx) => ctx.now);
}

/** The same clock on the reading side, for ages in lists and figures. */
export async function clockOf(db: AnyDb): Promise<Date> {
  const found = await firstRow<{ now: Date }>(db, sql`select clock_timestamp() as now`);
  if (found === null) throw new Error('the database did not tell the time');
  return found.now;
}
