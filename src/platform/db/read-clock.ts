import type { Database } from './context.ts';

/** Postgres's clock, by which everything is due: a process whose own clock is wrong must not act early or late. */
export function readClock(database: Database): Promise<Date> {
  return database.transact({ actor: { kind: 'system', id: 'clock' } }, async (ctx) => ctx.now);
}
