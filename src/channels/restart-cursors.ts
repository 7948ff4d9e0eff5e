import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { firstRow, rows, type AnyDb, type Ctx } from '../platform/db/index.ts';

/**
 * After a return to an earlier time: every stream is due at once, also of paused shops once they go on. A poll starts where the
 * cursor stood then, less the connector's overlap; one that was on its way then starts anew, and so does the sweep.
 */
export async function restartCursors(ctx: Ctx): Promise<void> {
  authorise(ctx, 'shops:write');
  await rows(
    ctx.tx,
    sql`update shop_cursors set state = null, due_at = ${ctx.now}, started_at = null, finished_at = null, version = version + 1`,
  );
  await rows(ctx.tx, sql`update shop_health set failures = 0, paused_until = null`);
}

export type ShopsRead = {
  /** Active shops whose channel can be read. */
  readonly shops: number;
  /** Of these, the names of those whose orders or sweep were not read to the end since then. */
  readonly unread: readonly string[];
  /** Active shops whose channel only pushes its orders. */
  readonly pushing: readonly string[];
};

export async function countShopsRead(db: AnyDb, since: Date): Promise<ShopsRead> {
  const found = await firstRow<{ shops: number; unread: string[] | null; pushing: string[] | null }>(
    db,
    sql`select count(*) filter (where r.is_read is not null) as shops,
               array_agg(s.name order by s.name) filter (where not r.is_read) as unread,
               array_agg(s.name order by s.name) filter (where r.is_read is null) as pushing
        from shops s
        cross join lateral (
          select bool_and(c.finished_at is not null and c.finished_at >= ${since})
                 and bool_or(c.stream = 'orders') as is_read
          from shop_cursors c where c.shop_id = s.id and c.stream in ('orders', 'sweep')
            and exists (select from shop_cursors o where o.shop_id = s.id and o.stream = 'orders')
        ) as r
        where s.state = 'active'`,
  );
  return { shops: found?.shops ?? 0, unread: found?.unread ?? [], pushing: found?.pushing ?? [] };
}
