import { sql } from 'drizzle-orm';
import { Fault, type OrderId } from '../../kernel/index.ts';
import { firstRow, rows, type AnyDb } from '../../platform/db/index.ts';
import type { ChargedLine, OrderCharges } from './charge-values.ts';

/** What the buyer was charged for an order and for what. Throws Fault `order.not_found`. */
export async function readCharges(db: AnyDb, orderId: OrderId): Promise<OrderCharges> {
  const order = await firstRow<Omit<OrderCharges, 'lines' | 'looseDiscountsMinor'>>(
    db,
    sql`select o.currency, o.prices_include_tax as "pricesIncludeTax", o.total_minor as "totalMinor",
               o.shipping_minor as "shippingMinor",
               coalesce((select sum(t.amount_minor) from order_taxes t
                         where t.order_id = o.id and t.shipping_line_id is not null), 0)::int8 as "shippingTaxMinor"
        from orders o where o.id = ${orderId}`,
  );
  if (order === null) throw new Fault('not_found', 'order.not_found', { data: { orderId } });
  const lines = await rows<ChargedLine>(
    db,
    sql`select l.id as "orderLineId", l.quantity, l.amount_minor as "amountMinor",
               coalesce((select sum(d.amount_minor) from order_discounts d where d.order_line_id = l.id), 0)::int8 as "discountMinor",
               coalesce((select sum(t.amount_minor) from order_taxes t where t.order_line_id = l.id), 0)::int8 as "taxMinor"
        from order_lines l where l.order_id = ${orderId} order by l.position, l.id`,
  );
  const loose = await rows<{ amountMinor: number }>(
    db,
    sql`select amount_minor as "amountMinor" from order_discounts
        where order_id = ${orderId} and order_line_id is null order by amount_minor, id`,
  );
  return { ...order, lines, looseDiscountsMinor: loose.map(({ amountMinor }) => amountMinor) };
}
