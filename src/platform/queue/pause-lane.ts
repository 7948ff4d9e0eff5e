import { sql } from 'drizzle-orm';
import { rows, type Ctx } from '../db/index.ts';

/** A paused lane is not taken; one that is being drained stops after its batch. Authorised by the verb that calls it. */
export async function pauseLane(ctx: Ctx, lane: string): Promise<void> {
  await rows(
    ctx.tx,
    sql`INSERT INTO lanes (name, is_paused) VALUES (${lane}, true) ON CONFLICT (name) DO UPDATE SET is_paused = true`,
  );
}

/** Lets a lane be drained again, at once: its failures are forgotten. */
export async function resumeLane(ctx: Ctx, lane: string): Promise<void> {
  await rows(ctx.tx, sql`UPDATE lanes SET is_paused = false, failures = 0, retry_at = NULL WHERE name = ${lane}`);
  ctx.rings.add(lane);
}
