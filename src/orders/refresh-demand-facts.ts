import { sql } from 'drizzle-orm';
import type { OrderId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { setDemandFacts, type DemandFacts } from '../stock/index.ts';

/**
 * Tells the stock what its demand must know of these orders: whether they claim, whether they are held, and their rank.
 * What a superseded order still owes claims until its parts take it over, and is never allocated.
 */
export async function refreshDemandFacts(ctx: Ctx, orderIds: readonly OrderId[]): Promise<void> {
  if (orderIds.length === 0) return;
  const facts = await rows<DemandFacts>(
    ctx.tx,
    sql`select o.id as "orderId", s.claims_at = 'placed' or o.payment_state <> 'unpaid' as claims,
               o.superseded_by is not null
                 or exists (select from order_holds h where h.order_id = o.id and h.released_at is null) as "isHeld",
               o.priority, o.ship_by as "shipBy", o.paid_at as "paidAt"
        from orders o join shops s on s.id = o.shop_id
        where o.id = any(${list('uuid', orderIds)})
        order by o.id`,
  );
  await setDemandFacts({ ...ctx, because: 'order_facts' }, facts);
}
