import { sql } from 'drizzle-orm';
import { rows, type Ctx } from '../db/index.ts';
import { everyLane } from './locks.ts';

/**
 * The whole deployment stands still: no lane is taken but those whose kind says that it may run even so, lanes to come
 * too. For a database that was restored and on which nobody works yet: leases that stood in it are ended.
 */
export async function pauseEverything(ctx: Ctx): Promise<void> {
  await rows(
    ctx.tx,
    sql`INSERT INTO lanes (name, is_paused) VALUES (${everyLane}, true) ON CONFLICT (name) DO UPDATE SET is_paused = true`,
  );
  await rows(ctx.tx, sql`UPDATE lanes SET lease_token = NULL, leased_until = NULL, failures = 0, retry_at = NULL`);
}

/** Lanes that were paused one by one stay so. */
export async function resumeEverything(ctx: Ctx): Promise<void> {
  await rows(ctx.tx, sql`DELETE FROM lanes WHERE name = ${everyLane}`);
}
