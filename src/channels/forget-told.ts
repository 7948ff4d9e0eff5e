import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';

/**
 * After a return to an earlier time: what channels were told since is not known, so every listing is told anew, under
 * versions that were never used. They jump by 2^32 (RELIABILITY), and at least to the second of the restore times 2^20:
 * the same backup may be restored twice, and the second time must not use the versions of the first.
 */
export async function forgetTold(ctx: Ctx): Promise<{ listings: number }> {
  authorise(ctx, 'shops:write');
  const found = await rows(
    ctx.tx,
    sql`update listings
        set wanted_version = greatest(wanted_version + 4294967296, floor(extract(epoch from ${ctx.now}::timestamptz))::int8 * 1048576),
            wanted_at = coalesce(wanted_at, ${ctx.now}), told_version = null, told_quantity = null, told_at = null, seen_quantity = null, seen_at = null,
            push_failures = 0, push_due_at = null, push_cause = null
        returning id`,
  );
  return { listings: found.length };
}
