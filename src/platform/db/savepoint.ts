import { sql } from 'drizzle-orm';
import type { Ctx } from './context.ts';
import { driverError } from './sql-error.ts';

/**
 * Runs `work` under a savepoint: when it throws, its writes, its events and its rings are undone and the error is thrown
 * on, and the transaction may go on. Savepoints nest but must not run side by side in one transaction.
 *
 * Contention and a lost connection concern the whole transaction: it is tried again or fails as a whole, even if the
 * caller (a batch that is being bisected for its culprit) catches the error.
 */
export async function savepoint<Result>(ctx: Ctx, work: () => Promise<Result>): Promise<Result> {
  const eventsBefore = ctx.events.length;
  const ringsBefore = [...ctx.rings];
  await ctx.tx.execute(sql`savepoint wharf`);
  try {
    const result = await work();
    await ctx.tx.execute(sql`release savepoint wharf`);
    return result;
  } catch (error) {
    ctx.events.length = eventsBefore;
    ctx.rings.clear();
    for (const lane of ringsBefore) ctx.rings.add(lane);
    await ctx.tx.execute(sql`rollback to savepoint wharf`);
    await ctx.tx.execute(sql`release savepoint wharf`);
    throw driverError(error);
  }
}
