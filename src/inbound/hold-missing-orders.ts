import { sql } from 'drizzle-orm';
import { missingOrderHeldAfterMs } from '../../config/defaults.ts';
import type { OrderId, ShopId } from '../kernel/index.ts';
import { placeHolds, releaseHolds } from '../orders/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { missingOrder } from './read-exceptions.ts';

const source = 'missing_on_channel';

/**
 * Holds open orders that the channel has not had for a while, so that nothing of them leaves: it may have deleted them, which is
 * no cancel. One that a person has let go on is not held again.
 */
export async function holdMissingOrders(ctx: Ctx, shopId: ShopId, externalIds: readonly string[]): Promise<void> {
  if (externalIds.length === 0) return;
  const before = new Date(ctx.now.getTime() - missingOrderHeldAfterMs);
  const subjects = externalIds.map((externalId) => missingOrder(shopId, externalId));
  const missing = await rows<{ orderId: OrderId }>(
    ctx.tx,
    sql`select o.id as "orderId"
        from unnest(${list('text', externalIds)}, ${list(
          'text',
          subjects.map(({ subjectId }) => subjectId),
        )}) as t (external_id, subject_id)
        join exceptions e on e.kind = 'order.missing_on_channel' and e.subject_kind = 'channel_order'
          and e.subject_id = t.subject_id and e.closed_at is null and e.opened_at <= ${before}
        join orders o on o.shop_id = ${shopId} and o.external_id = t.external_id and o.cancelled_at is null
        where not exists (
          select from order_holds h where h.order_id = o.id and h.kind = 'manual'
            and (h.released_at is null or (h.cause->>'source' = ${source} and h.released_by not like 'system:%'))
        )
        order by o.id`,
  );
  await placeHolds(
    ctx,
    missing.map(({ orderId }) => ({ orderId, kind: 'manual', cause: { source } })),
  );
}

/** The channel has them again. */
export async function releaseFoundOrders(ctx: Ctx, shopId: ShopId, externalIds: readonly string[]): Promise<void> {
  if (externalIds.length === 0) return;
  const found = await rows<{ orderId: OrderId }>(
    ctx.tx,
    sql`select h.order_id as "orderId" from order_holds h
        join orders o on o.id = h.order_id and o.shop_id = ${shopId} and o.external_id = any(${list('text', externalIds)})
        where h.kind = 'manual' and h.released_at is null and h.cause->>'source' = ${source} order by h.order_id`,
  );
  await releaseHolds(
    ctx,
    found.map(({ orderId }) => ({ orderId, kind: 'manual' })),
  );
}
