import { sql } from 'drizzle-orm';
import { groupBy, type OrderId, type OrderLineId, type ShopId } from '../kernel/index.ts';
import { list, rows, type AnyDb } from '../platform/db/index.ts';

/** A line as returns see it, in units of the listing. */
export type ShippedLine = {
  readonly orderId: OrderId;
  readonly orderLineId: OrderLineId;
  readonly externalId: string;
  readonly quantity: number;
  /** Whole units that left from here. What left from elsewhere was never taken off our stock and cannot come back to it. */
  readonly shipped: number;
  /** Of them, not in a return yet. */
  readonly returnable: number;
};

export type ShippedOrder = {
  readonly orderId: OrderId;
  readonly shopId: ShopId;
  readonly number: number;
  readonly currency: string;
  readonly lines: readonly ShippedLine[];
};

/** What left of these orders and may come back. An order that does not exist is missing. */
export async function readShippedOrders(
  db: AnyDb,
  orderIds: readonly OrderId[],
): Promise<ReadonlyMap<OrderId, ShippedOrder>> {
  const ids = list('uuid', orderIds);
  const orders = await rows<Omit<ShippedOrder, 'lines'>>(
    db,
    sql`select id as "orderId", shop_id as "shopId", number, currency from orders where id = any(${ids})`,
  );
  const lines = await rows<ShippedLine>(
    db,
    sql`select l.order_id as "orderId", l.id as "orderLineId", l.external_id as "externalId", l.quantity,
               coalesce(min(p.shipped / p.units_per_line), 0) as shipped,
               coalesce(min((p.shipped - p.returned) / p.units_per_line), 0) as returnable
        from order_lines l left join order_line_parts p on p.order_line_id = l.id
        where l.order_id = any(${ids}) group by l.id order by l.order_id, l.position, l.id`,
  );
  const byOrder = groupBy(lines, (line) => line.orderId);
  return new Map(orders.map((order) => [order.orderId, { ...order, lines: byOrder.get(order.orderId) ?? [] }]));
}
