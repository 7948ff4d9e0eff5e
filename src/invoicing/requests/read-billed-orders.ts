import { sql } from 'drizzle-orm';
import { groupBy, type OrderId, type ShopId } from '../../kernel/index.ts';
import { list, rows, type AnyDb } from '../../platform/db/index.ts';
import type { InvoiceRequestId } from '../ids.ts';
import { ruleOf, type EffectiveRule } from '../rules.ts';

export type SettledRefund = {
  readonly externalId: string;
  readonly amountMinor: number;
  readonly reason: string | null;
  readonly refundedAt: Date | null;
  /** A credit note of the standing invoice was requested for it. */
  readonly isRequested: boolean;
};

export type StandingInvoice = {
  readonly requestId: InvoiceRequestId;
  readonly state: 'due' | 'parked' | 'numbered';
  /** Null until it is numbered. */
  readonly totalMinor: number | null;
  /** Of its total, by credit notes issued or requested. */
  readonly creditedMinor: number;
  /** Amounts or quantities of the order changed after it was issued. */
  readonly isOutdated: boolean;
};

export type BilledOrder = EffectiveRule & {
  readonly orderId: OrderId;
  readonly orderNumber: number;
  readonly currency: string;
  readonly shopId: ShopId;
  readonly version: number;
  readonly paymentState: 'unpaid' | 'authorised' | 'paid';
  readonly fulfilmentState: 'open' | 'partly_shipped' | 'shipped';
  readonly placedAt: Date;
  readonly paidAt: Date | null;
  readonly shippedAt: Date | null;
  readonly cancelledAt: Date | null;
  readonly isSuperseded: boolean;
  readonly buyerPaidMinor: number;
  readonly standing: StandingInvoice | null;
  readonly refunds: readonly SettledRefund[];
};

type Head = Omit<BilledOrder, 'standing' | 'refunds'> & {
  readonly requestId: InvoiceRequestId | null;
  readonly state: StandingInvoice['state'] | null;
  readonly totalMinor: number | null;
  readonly creditedMinor: number;
  readonly isOutdated: boolean;
};

/** Fields of a version that an invoice shows in its figures; a new line's entry is an object. */
const billedFields =
  '^((lines|shipping|tax|discount|residual|total)Minor|currency|lines\\..+\\.(quantity|amountMinor))$';

/**
 * Of these orders, those that an invoice stands for or that their rule may invoice, as they stand in this transaction: three
 * statements. The caller's transaction has locked the orders.
 */
export async function readBilledOrders(db: AnyDb, orderIds: readonly OrderId[]): Promise<BilledOrder[]> {
  if (orderIds.length === 0) return [];
  const heads = await rows<Head>(
    db,
    sql`select o.id as "orderId", o.number as "orderNumber", o.currency, o.shop_id as "shopId", o.version, o.payment_state as "paymentState",
               o.fulfilment_state as "fulfilmentState", o.placed_at as "placedAt", o.paid_at as "paidAt",
               o.cancelled_at as "cancelledAt", o.superseded_by is not null as "isSuperseded", o.buyer_paid_minor as "buyerPaidMinor",
               (select max(s.shipped_at) from shipment_lines l join shipments s on s.id = l.shipment_id where l.order_id = o.id) as "shippedAt",
               rule.at, rule.orders_since as "ordersSince", rule.language,
               rule.invoice_series_id as "invoiceSeriesId", rule.credit_series_id as "creditSeriesId",
               r.id as "requestId", r.state, i.total_minor as "totalMinor",
               coalesce((select sum(c.amount_minor) from invoice_requests c
                         where c.corrects_request_id = r.id and c.state <> 'dropped'), 0)::int8 as "creditedMinor",
               coalesce(i.order_version < o.version and exists (
                 select from order_versions v, jsonb_array_elements(v.changes->'fields') f
                 where v.order_id = o.id and v.version > i.order_version
                   and (f->>'field' ~ ${billedFields} or (f->>'field' like 'lines.%' and jsonb_typeof(f->'new') = 'object'))
               ), false) as "isOutdated"
        from orders o
        cross join lateral ${ruleOf(sql`o.shop_id`)}
        left join invoice_requests r on r.order_id = o.id and r.kind = 'invoice' and r.state <> 'dropped' and not r.is_reversed
        left join invoices i on i.request_id = r.id
        where o.id = any(${list('uuid', orderIds)})
          and (r.id is not null or (rule.at = 'ship_out' and o.fulfilment_state = 'shipped')
               or (rule.at = 'payment' and o.payment_state = 'paid'))
        order by o.id`,
  );
  if (heads.length === 0) return [];
  const refunds = await readRefunds(db, heads);
  return heads.map(({ requestId, state, totalMinor, creditedMinor, isOutdated, ...head }) => ({
    ...head,
    standing: requestId === null || state === null ? null : { requestId, state, totalMinor, creditedMinor, isOutdated },
    refunds: refunds.get(head.orderId) ?? [],
  }));
}

async function readRefunds(db: AnyDb, heads: readonly Head[]): Promise<Map<OrderId, SettledRefund[]>> {
  const numbered = heads.filter((head) => head.state === 'numbered');
  if (numbered.length === 0) return new Map();
  const found = await rows<SettledRefund & { orderId: OrderId }>(
    db,
    sql`select f.order_id as "orderId", f.external_id as "externalId", f.amount_minor as "amountMinor", f.reason,
               f.refunded_at as "refundedAt",
               exists (select from invoice_requests c where c.corrects_request_id = t.request_id
                         and c.refund_external_id = f.external_id) as "isRequested"
        from unnest(${list(
          'uuid',
          numbered.map((head) => head.orderId),
        )}, ${list(
          'uuid',
          numbered.map((head) => head.requestId),
        )}) as t(order_id, request_id)
        join order_refunds f on f.order_id = t.order_id and f.state = 'settled' and f.amount_minor > 0
        order by f.refunded_at nulls last, f.external_id`,
  );
  return groupBy(found, (refund) => refund.orderId);
}
