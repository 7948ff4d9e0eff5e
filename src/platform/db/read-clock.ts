import { sql } from 'drizzle-orm';
import type { Clock } from '../../kernel/index.ts';
import type { AnyDb, Database } from './context.ts';
import { firstRow } from './rows.ts';

/** Postgres's clock, by which everything is due: a process whose own clock is wrong must not act early or late. */
export function readClock(database: Database): Promise<Date> {
  return database.transact({ actor: { kind: 'system', id: 'clock' } }, async (ctx) => ctx.now);
}

/** Reading sides whose clock is not Postgres's (`DatabaseOptions.clock`). */
const replaced = new WeakMap<AnyDb, Clock>();

export function replaceClock(db: AnyDb, clock: Clock): void {
  replaced.set(db, clock);
}

/** The same clock on the reading side, for ages in lists and figures. */
export async function clockOf(db: AnyDb): Promise<Date> {
  const clock = replaced.get(db);
  if (clock !== undefined) return clock.now();
  const found = await firstRow<{ now: Date }>(db, sql`select clock_timestamp() as now`);
  if (found === null) throw new Error('the database did not tell the time');
  return found.now;
}
