import { sql } from 'drizzle-orm';
import { rows, type Ctx } from '../../db/index.ts';

const keepHours = 48;
const batchSize = 1_000;

/** Forgets keys older than two days, one batch. Answers with how many; fewer than a batch means done. */
export async function pruneIdempotencyKeys(ctx: Ctx): Promise<{ deleted: number; more: boolean }> {
  const before = new Date(ctx.now.getTime() - keepHours * 3_600_000);
  const deleted = await rows(
    ctx.tx,
    sql`DELETE FROM idempotency_keys WHERE (actor_id, key) IN (
          SELECT actor_id, key FROM idempotency_keys WHERE created_at < ${before}
          ORDER BY actor_id, key LIMIT ${batchSize} FOR UPDATE SKIP LOCKED
        ) RETURNING key`,
  );
  return { deleted: deleted.length, more: deleted.length === batchSize };
}
