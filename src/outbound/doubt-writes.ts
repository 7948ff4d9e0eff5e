import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { firstRow, type AnyDb, type Ctx } from '../platform/db/index.ts';

/**
 * After a return to an earlier time: a write that was not finished then may have been sent since, also one that was not even
 * begun. All become `unknown`: the connector reads before it writes, by the reference that stood then. Answers with how many.
 */
export async function doubtWrites(ctx: Ctx): Promise<{ writes: number }> {
  authorise(ctx, 'shipments:write');
  const found = await firstRow<{ writes: number }>(
    ctx.tx,
    sql`with a as (
          update announcements set state = 'unknown', sent_at = coalesce(sent_at, ${ctx.now}), due_at = ${ctx.now}
          where state in ('due', 'sending', 'unknown') returning id
        ), r as (
          update channel_requests set state = 'unknown', sent_at = coalesce(sent_at, ${ctx.now}), due_at = ${ctx.now}
          where state in ('due', 'sending', 'unknown') returning id
        )
        select (select count(*) from a) + (select count(*) from r) as writes`,
  );
  return { writes: found?.writes ?? 0 };
}

/** Writes to shops that can be read whose outcome is open, and those of them whose order was read since then. */
export async function countDoubtfulWrites(
  db: AnyDb,
  since: Date,
): Promise<{ readonly writes: number; readonly readBack: number }> {
  const found = await firstRow<{ writes: number; readBack: number }>(
    db,
    sql`select count(*) as writes, count(*) filter (where o.read_started_at >= ${since}) as "readBack"
        from (
          select order_id from announcements where state = 'unknown'
          union all select order_id from channel_requests where state = 'unknown'
        ) as w join orders o on o.id = w.order_id
        where exists (select from shop_cursors c where c.shop_id = o.shop_id and c.stream = 'orders')`,
  );
  return found ?? { writes: 0, readBack: 0 };
}
