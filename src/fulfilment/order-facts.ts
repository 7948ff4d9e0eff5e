import { sql } from 'drizzle-orm';
import { Fault, type OrderId, type ShopId } from '../kernel/index.ts';
import { list, rows, type AnyDb } from '../platform/db/index.ts';

/** What a shipment takes over from its orders, and what stops it. */
export type OrderFacts = {
  readonly orderId: OrderId;
  readonly number: number;
  readonly shopId: ShopId;
  readonly service: string | null;
  readonly isCancelled: boolean;
  /** Kinds of open holds. */
  readonly holds: readonly string[];
  /** Hex. */
  readonly mergeKey: string | null;
};

export async function readOrderFacts(db: AnyDb, orderIds: Iterable<OrderId>): Promise<Map<OrderId, OrderFacts>> {
  const found = await rows<OrderFacts>(
    db,
    sql`select o.id as "orderId", o.number, o.shop_id as "shopId", o.shipping_service as service,
          o.cancelled_at is not null as "isCancelled", encode(receiver.merge_key, 'hex') as "mergeKey",
          coalesce((
            select jsonb_agg(hold.kind order by hold.kind) from order_holds hold
            where hold.order_id = o.id and hold.released_at is null
          ), '[]'::jsonb) as holds
        from orders o left join order_receivers receiver on receiver.order_id = o.id
        where o.id = any(${list('uuid', orderIds)})`,
  );
  return new Map(found.map((facts) => [facts.orderId, facts]));
}

/** Throws Fault conflict `shipment.order_blocked`, which names the numbers of held and cancelled orders and why. */
export function refuseBlockedOrders(facts: Iterable<OrderFacts>): void {
  const blocked = [...facts]
    .filter(({ isCancelled, holds }) => isCancelled || holds.length > 0)
    .map(({ number, isCancelled, holds }) => ({ number, isCancelled, holds }));
  if (blocked.length === 0) return;
  throw new Fault('conflict', 'shipment.order_blocked', {
    message: `held or cancelled: ${blocked.map(({ number }) => number).join(', ')}`,
    data: { orders: blocked },
  });
}
