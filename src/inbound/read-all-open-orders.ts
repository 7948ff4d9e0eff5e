import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { firstRow, rows, type AnyDb, type Ctx } from '../platform/db/index.ts';

/**
 * After a return to an earlier time: asks for every order that its channel may still have changed, and for those with a write
 * whose outcome is open, whatever the change clocks say, of shops that can be read. Messages that waited for their turn are still there.
 */
export async function readAllOpenOrders(ctx: Ctx): Promise<{ orders: number }> {
  authorise(ctx, 'orders:read');
  const asked = await rows(
    ctx.tx,
    sql`insert into order_reads (shop_id, external_id, due_at, reason, asked_at)
        select o.shop_id, o.external_id, ${ctx.now}, 'asked', ${ctx.now}
        from orders o join shops s on s.id = o.shop_id and s.state <> 'removed'
        where exists (select from shop_cursors c where c.shop_id = s.id and c.stream = 'orders') and (not o.is_closed_on_channel
          or exists (select from announcements a where a.order_id = o.id and a.state in ('due', 'sending', 'unknown'))
          or exists (select from channel_requests r where r.order_id = o.id and r.state in ('due', 'sending', 'unknown')))
        order by o.shop_id, o.external_id
        on conflict (shop_id, external_id) do update
        set due_at = excluded.due_at, asked_at = excluded.asked_at, reason = excluded.reason, attempts = 0
        returning external_id`,
  );
  return { orders: asked.length };
}

/** Orders of active shops that still wait to be read. */
export async function countOpenReads(db: AnyDb): Promise<number> {
  const found = await firstRow<{ count: number }>(
    db,
    sql`select count(*) from order_reads r join shops s on s.id = r.shop_id and s.state = 'active'`,
  );
  return found?.count ?? 0;
}
