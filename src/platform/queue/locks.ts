import { sql } from 'drizzle-orm';
import { rows, type Ctx } from '../db/index.ts';

/** No lane: its row pauses all of them (`pauseEverything`). */
export const everyLane = '*';

/**
 * Takes a lane that nobody holds, or whose holder has let its lease run out, unless it is paused or waits after a failure.
 * A row that somebody has locked is skipped, not waited for: whoever has it looks again after giving it back. (ON CONFLICT
 * would wait for the holder's transaction, so a row that is there is never inserted.)
 */
export async function takeLease(
  ctx: Ctx,
  lane: string,
  token: string,
  leaseMs: number,
  isEvenWhilePaused = false,
): Promise<boolean> {
  const until = new Date(ctx.now.getTime() + leaseMs);
  const isMoving = sql`(${isEvenWhilePaused}::boolean OR NOT EXISTS (SELECT FROM lanes e WHERE e.name = ${everyLane} AND e.is_paused))`;
  const taken = await rows(
    ctx.tx,
    sql`UPDATE lanes SET lease_token = ${token}::uuid, leased_until = ${until}
        WHERE name = (
          SELECT name FROM lanes
          WHERE name = ${lane} AND (lease_token IS NULL OR leased_until <= ${ctx.now})
            AND NOT is_paused AND (retry_at IS NULL OR retry_at <= ${ctx.now}) AND ${isMoving}
          FOR UPDATE SKIP LOCKED
        )
        RETURNING name`,
  );
  if (taken.length > 0) return true;
  const made = await rows(
    ctx.tx,
    sql`INSERT INTO lanes (name, lease_token, leased_until)
        SELECT ${lane}, ${token}::uuid, ${until} WHERE NOT EXISTS (SELECT FROM lanes WHERE name = ${lane}) AND ${isMoving}
        ON CONFLICT (name) DO NOTHING RETURNING name`,
  );
  return made.length > 0;
}

/** Null when the lease is another's. Locks the row until the end of the transaction. */
export async function renewLease(
  ctx: Ctx,
  lane: string,
  token: string,
  leaseMs: number,
): Promise<{ isPaused: boolean } | null> {
  const renewed = await rows<{ isPaused: boolean }>(
    ctx.tx,
    sql`UPDATE lanes SET leased_until = ${new Date(ctx.now.getTime() + leaseMs)}
        WHERE name = ${lane} AND lease_token = ${token}::uuid
        RETURNING is_paused AS "isPaused"`,
  );
  return renewed[0] ?? null;
}

/** After an empty pass. Does nothing when the lease is another's. */
export async function giveBackLease(ctx: Ctx, lane: string, token: string): Promise<void> {
  await rows(
    ctx.tx,
    sql`UPDATE lanes SET lease_token = NULL, leased_until = NULL, drained_at = ${ctx.now}, failures = 0, retry_at = NULL
        WHERE name = ${lane} AND lease_token = ${token}::uuid`,
  );
}

/** In the middle of the work: for a shutdown or a pause. Does nothing when the lease is another's. */
export async function dropLease(ctx: Ctx, lane: string, token: string): Promise<void> {
  await rows(
    ctx.tx,
    sql`UPDATE lanes SET lease_token = NULL, leased_until = NULL WHERE name = ${lane} AND lease_token = ${token}::uuid`,
  );
}
