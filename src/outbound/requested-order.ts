import { sql } from 'drizzle-orm';
import { Fault, invalidField, type OrderId, type OrderLineId, type ShopId } from '../kernel/index.ts';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';

export type RequestedLine = {
  readonly id: OrderLineId;
  readonly externalId: string;
  readonly quantity: number;
  readonly cancelledQuantity: number;
  /** Units of the listing that are neither cancelled, nor shipped here, nor fulfilled on the channel. */
  readonly openQuantity: number;
};

export type RequestedOrder = {
  readonly id: OrderId;
  readonly shopId: ShopId;
  readonly channel: string;
  readonly externalId: string;
  readonly currency: string;
  readonly cancelledAt: Date | null;
  /** A cancel is on its way, or done and not read back yet. */
  readonly isCancelAsked: boolean;
  /** What was paid less what is refunded or on its way to be. */
  readonly refundableMinor: number;
  readonly lines: readonly RequestedLine[];
};

/** The order as a request against its channel sees it. Lock the order first. Fault `order.not_found`. */
export async function readRequestedOrder(db: AnyDb, orderId: OrderId): Promise<RequestedOrder> {
  const order = await firstRow<Omit<RequestedOrder, 'lines'>>(
    db,
    sql`select o.id, o.shop_id as "shopId", s.channel, o.external_id as "externalId", o.currency,
               o.cancelled_at as "cancelledAt",
               exists (select 1 from order_holds h where h.order_id = o.id and h.kind = 'cancel_asked' and h.released_at is null)
                 as "isCancelAsked",
               (o.buyer_paid_minor - o.refunded_minor - coalesce((
                 select sum(r.amount_minor) from channel_requests r
                 where r.order_id = o.id and r.kind = 'refund' and r.state in ('due', 'sending', 'unknown', 'done')
                   and not exists (select 1 from order_refunds f where f.order_id = o.id and f.external_id = r.external_id)
               ), 0))::int8 as "refundableMinor"
        from orders o join shops s on s.id = o.shop_id where o.id = ${orderId}`,
  );
  if (order === null) throw new Fault('not_found', 'order.not_found');
  const lines = await rows<RequestedLine>(
    db,
    sql`select l.id, l.external_id as "externalId", l.quantity, l.cancelled_quantity as "cancelledQuantity",
               greatest(0, l.quantity - l.cancelled_quantity
                 - greatest(l.channel_fulfilled_quantity, coalesce(max(ceil(p.shipped::numeric / p.units_per_line)), 0)))::int8
                 as "openQuantity"
        from order_lines l left join order_line_parts p on p.order_line_id = l.id
        where l.order_id = ${orderId} group by l.id order by l.position limit 1000`,
  );
  return { ...order, lines };
}

export function lineOf(order: RequestedOrder, orderLineId: OrderLineId, path: string): RequestedLine {
  const line = order.lines.find((each) => each.id === orderLineId);
  if (line === undefined) throw invalidField(path, 'order_line.not_found', 'is not a line of this order');
  return line;
}

/** A line named twice would be checked twice against the same open units. */
export function refuseNamedTwice(lines: readonly { readonly orderLineId: OrderLineId }[]): void {
  const seen = new Set<OrderLineId>();
  for (const [index, { orderLineId }] of lines.entries()) {
    if (seen.has(orderLineId)) {
      throw invalidField(`lines.${index}.orderLineId`, 'order_line.named_twice', 'is named twice');
    }
    seen.add(orderLineId);
  }
}
