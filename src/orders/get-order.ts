import { sql, type SQL } from 'drizzle-orm';
import { Fault, groupBy, type OrderId, type OrderLineId, type PartId, type SkuId } from '../kernel/index.ts';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';
import type { HoldKind } from './place-holds.ts';
import { itemColumns, type OrderItem } from './queries.ts';
import type { MaskedReceiver, OrderMoney } from './rows.ts';

export type PartDetail = {
  readonly partId: PartId;
  readonly orderLineId: OrderLineId;
  readonly skuId: SkuId;
  readonly skuCode: string;
  readonly unitsPerLine: number;
  readonly ordered: number;
  readonly cancelled: number;
  readonly shipped: number;
  readonly shippedElsewhere: number;
  /** Of the shipped: in returns. */
  readonly returned: number;
};

export type LineDetail = {
  readonly orderLineId: OrderLineId;
  readonly externalId: string;
  readonly listingExternalId: string | null;
  readonly skuCode: string | null;
  readonly title: string;
  readonly quantity: number;
  readonly cancelledQuantity: number;
  readonly channelFulfilledQuantity: number;
  readonly unitPrice: string | null;
  readonly amountMinor: number;
  readonly fulfilledBy: 'seller' | 'channel';
  readonly isWaiting: boolean;
  readonly parts: readonly PartDetail[];
};

export type AmountDetail = { readonly title: string; readonly amountMinor: number };
export type OrderDetail = OrderItem &
  OrderMoney & {
    readonly version: number;
    readonly pricesIncludeTax: boolean;
    readonly buyerPaidMinor: number;
    readonly paidAt: Date | null;
    readonly cancelReason: string | null;
    readonly isClosedOnChannel: boolean;
    readonly partOfExternalId: string | null;
    readonly placedAtSource: string;
    readonly readStartedAt: Date;
    readonly shippingService: string | null;
    readonly buyerNote: string | null;
    readonly receiver: MaskedReceiver | null;
    readonly lines: readonly LineDetail[];
    readonly shipping: readonly (AmountDetail & { readonly externalId: string })[];
    readonly discounts: readonly (AmountDetail & { readonly code: string | null; readonly fundedBy: string })[];
    readonly taxes: readonly (AmountDetail & { readonly ratePercent: string | null })[];
    readonly payments: readonly {
      externalId: string;
      method: string;
      state: string;
      amountMinor: number;
      paidAt: Date | null;
    }[];
    readonly refunds: readonly {
      externalId: string;
      state: string;
      amountMinor: number;
      reason: string | null;
      refundedAt: Date | null;
    }[];
    readonly packages: readonly {
      externalId: string;
      trackingNumber: string | null;
      carrier: string | null;
      state: string;
      seenAt: Date;
    }[];
    readonly holdHistory: readonly {
      kind: HoldKind;
      placedAt: Date;
      releasedAt: Date | null;
      releasedBy: string | null;
    }[];
    readonly timeline: readonly { at: Date; kind: string; data: unknown; actorKind: string; actorId: string }[];
  };

const detailColumns = sql`${itemColumns}, o.version, o.prices_include_tax as "pricesIncludeTax", o.lines_minor as "linesMinor",
  o.shipping_minor as "shippingMinor", o.tax_minor as "taxMinor", o.discount_minor as "discountMinor",
  o.residual_minor as "residualMinor", o.charged_total as "chargedTotal", o.receivable_minor as "receivableMinor", o.buyer_paid_minor as "buyerPaidMinor",
  o.paid_at as "paidAt", o.cancel_reason as "cancelReason", o.is_closed_on_channel as "isClosedOnChannel",
  o.part_of_external_id as "partOfExternalId", o.placed_at_source as "placedAtSource", o.read_started_at as "readStartedAt",
  o.shipping_service as "shippingService", o.buyer_note as "buyerNote",
  (select r.masked from order_receivers r where r.order_id = o.id and r.erased_at is null) as receiver`;

type Head = Omit<
  OrderDetail,
  'lines' | 'shipping' | 'discounts' | 'taxes' | 'payments' | 'refunds' | 'packages' | 'holdHistory' | 'timeline'
>;

/** One order, whole, but for who gets it: that is masked. Throws Fault `order.unknown`. */
export async function getOrder(db: AnyDb, orderId: OrderId): Promise<OrderDetail> {
  const head = await firstRow<Head>(db, sql`select ${detailColumns} from orders o where o.id = ${orderId}`);
  if (head === null) throw new Fault('not_found', 'order.unknown', { data: { orderId } });
  const of = <Row>(columns: SQL, table: string, order: string): Promise<Row[]> =>
    rows<Row>(
      db,
      sql`select ${columns} from ${sql.raw(table)} x where x.order_id = ${orderId} order by ${sql.raw(order)}`,
    );
  return {
    ...head,
    lines: await readLines(db, orderId),
    shipping: await of(
      sql`x.external_id as "externalId", x.title, x.amount_minor as "amountMinor"`,
      'order_shipping_lines',
      'x.external_id',
    ),
    discounts: await of(
      sql`x.code, x.title, x.amount_minor as "amountMinor", x.funded_by as "fundedBy"`,
      'order_discounts',
      'x.id',
    ),
    taxes: await of(
      sql`x.title, x.rate_percent as "ratePercent", x.amount_minor as "amountMinor"`,
      'order_taxes',
      'x.id',
    ),
    payments: await of(
      sql`x.external_id as "externalId", x.method, x.state, x.amount_minor as "amountMinor", x.paid_at as "paidAt"`,
      'order_payments',
      'x.external_id',
    ),
    refunds: await of(
      sql`x.external_id as "externalId", x.state, x.amount_minor as "amountMinor", x.reason, x.refunded_at as "refundedAt"`,
      'order_refunds',
      'x.external_id',
    ),
    packages: await of(
      sql`x.external_id as "externalId", x.tracking_number as "trackingNumber", x.carrier, x.state, x.seen_at as "seenAt"`,
      'order_packages',
      'x.external_id',
    ),
    holdHistory: await of(
      sql`x.kind, x.placed_at as "placedAt", x.released_at as "releasedAt", x.released_by as "releasedBy"`,
      'order_holds',
      'x.placed_at, x.id',
    ),
    timeline: await of(
      sql`x.at, x.kind, x.data, x.actor_kind as "actorKind", x.actor_id as "actorId"`,
      'order_timeline',
      'x.at, x.id',
    ),
  };
}

async function readLines(db: AnyDb, orderId: OrderId): Promise<LineDetail[]> {
  const lines = await rows<Omit<LineDetail, 'parts'>>(
    db,
    sql`select l.id as "orderLineId", l.external_id as "externalId", l.listing_external_id as "listingExternalId", l.sku_code as "skuCode", l.title,
               l.quantity, l.cancelled_quantity as "cancelledQuantity", l.channel_fulfilled_quantity as "channelFulfilledQuantity",
               l.unit_price as "unitPrice", l.amount_minor as "amountMinor", l.fulfilled_by as "fulfilledBy",
               exists (select from unmapped_lines w where w.order_line_id = l.id) as "isWaiting"
        from order_lines l where l.order_id = ${orderId} order by l.position, l.id`,
  );
  const parts = await rows<PartDetail>(
    db,
    sql`select p.id as "partId", p.order_line_id as "orderLineId", p.sku_id as "skuId", s.code as "skuCode", p.units_per_line as "unitsPerLine",
               p.ordered, p.cancelled, p.shipped, p.shipped_elsewhere as "shippedElsewhere", p.returned
        from order_line_parts p join skus s on s.id = p.sku_id where p.order_id = ${orderId} order by p.id`,
  );
  const byLine = groupBy(parts, (part) => part.orderLineId);
  return lines.map((line) => ({ ...line, parts: byLine.get(line.orderLineId) ?? [] }));
}
