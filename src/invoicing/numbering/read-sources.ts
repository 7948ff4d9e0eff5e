import { sql } from 'drizzle-orm';
import { groupBy, type OrderId } from '../../kernel/index.ts';
import { openReceivers, type OpenedReceiver } from '../../orders/index.ts';
import type { Keyring } from '../../platform/crypto/index.ts';
import { list, rows, type AnyDb } from '../../platform/db/index.ts';
import { invoiceContent, type InvoiceContent } from '../content.ts';
import type { InvoiceId, InvoiceRequestId } from '../ids.ts';
import type { RequestRow } from '../requests/request-row.ts';

type Tax = { readonly title: string; readonly ratePercent: string | null; readonly amountMinor: number };

export type SourceOrder = {
  readonly orderId: OrderId;
  readonly number: number;
  readonly externalNumber: string;
  readonly shopName: string;
  readonly version: number;
  readonly currency: string;
  readonly pricesIncludeTax: boolean;
  readonly linesMinor: number;
  readonly shippingMinor: number;
  readonly taxMinor: number;
  readonly discountMinor: number;
  readonly residualMinor: number;
  readonly totalMinor: number;
  readonly placedAt: Date;
  readonly shippedAt: Date | null;
  readonly lines: readonly {
    readonly lineId: string;
    readonly title: string;
    readonly skuCode: string | null;
    readonly quantity: number;
    readonly unitPrice: string | null;
    readonly amountMinor: number;
    readonly taxes: readonly Tax[];
  }[];
  readonly shipping: readonly {
    readonly title: string;
    readonly amountMinor: number;
    readonly taxes: readonly Tax[];
  }[];
  readonly discounts: readonly {
    readonly lineId: string | null;
    readonly title: string;
    readonly code: string | null;
    readonly amountMinor: number;
  }[];
};

export type CorrectedInvoice = {
  readonly requestId: InvoiceRequestId;
  readonly invoiceId: InvoiceId;
  readonly number: string;
  readonly orderVersion: number;
  readonly content: InvoiceContent;
  readonly ciphertext: Uint8Array | null;
  readonly dataKey: Uint8Array | null;
};

export type Sources = {
  readonly orders: ReadonlyMap<OrderId, SourceOrder>;
  readonly receivers: ReadonlyMap<OrderId, OpenedReceiver>;
  readonly corrected: ReadonlyMap<InvoiceRequestId, CorrectedInvoice>;
};

/** All that documents of these requests are made of, in seven statements. The orders are locked. */
export async function readSources(
  db: AnyDb,
  keyring: Pick<Keyring, 'openDataKey'>,
  requests: readonly RequestRow[],
): Promise<Sources> {
  const orderIds = requests.filter(({ kind }) => kind === 'invoice').map(({ orderId }) => orderId);
  const correctedIds = requests.flatMap(({ correctsRequestId }) => correctsRequestId ?? []);
  return {
    orders: await readOrders(db, orderIds),
    receivers: orderIds.length === 0 ? new Map() : await openReceivers(db, keyring, orderIds),
    corrected: await readCorrected(db, correctedIds),
  };
}

type Head = Omit<SourceOrder, 'lines' | 'shipping' | 'discounts'>;
type Line = Omit<SourceOrder['lines'][number], 'taxes'> & { readonly orderId: OrderId };
type Shipping = {
  readonly id: string;
  readonly orderId: OrderId;
  readonly title: string;
  readonly amountMinor: number;
};
type Discount = SourceOrder['discounts'][number] & { readonly orderId: OrderId };

async function readOrders(db: AnyDb, orderIds: readonly OrderId[]): Promise<Map<OrderId, SourceOrder>> {
  if (orderIds.length === 0) return new Map();
  const ids = list('uuid', orderIds);
  const heads = await rows<Head>(
    db,
    sql`select o.id as "orderId", o.number, o.external_number as "externalNumber", s.name as "shopName", o.version, o.currency,
               o.prices_include_tax as "pricesIncludeTax", o.lines_minor as "linesMinor", o.shipping_minor as "shippingMinor",
               o.tax_minor as "taxMinor", o.discount_minor as "discountMinor", o.residual_minor as "residualMinor",
               o.total_minor as "totalMinor", o.placed_at as "placedAt",
               (select max(p.shipped_at) from shipment_lines l join shipments p on p.id = l.shipment_id where l.order_id = o.id) as "shippedAt"
        from orders o join shops s on s.id = o.shop_id where o.id = any(${ids})`,
  );
  const lines = await rows<Line>(
    db,
    sql`select l.order_id as "orderId", l.id as "lineId", l.title, l.sku_code as "skuCode", l.quantity, l.unit_price as "unitPrice",
               l.amount_minor as "amountMinor"
        from order_lines l where l.order_id = any(${ids}) order by l.order_id, l.position, l.id`,
  );
  const shipping = await rows<Shipping>(
    db,
    sql`select x.id, x.order_id as "orderId", x.title, x.amount_minor as "amountMinor"
        from order_shipping_lines x where x.order_id = any(${ids}) order by x.order_id, x.external_id`,
  );
  const discounts = await rows<Discount>(
    db,
    sql`select d.order_id as "orderId", d.order_line_id as "lineId", d.title, d.code, d.amount_minor as "amountMinor"
        from order_discounts d where d.order_id = any(${ids}) order by d.id`,
  );
  const taxes = await rows<Tax & { ownerId: string }>(
    db,
    sql`select coalesce(t.order_line_id, t.shipping_line_id) as "ownerId", t.title, t.rate_percent as "ratePercent",
               t.amount_minor as "amountMinor"
        from order_taxes t where t.order_id = any(${ids}) order by t.id`,
  );
  const taxesOf = groupBy(taxes, (tax) => tax.ownerId);
  const linesOf = groupBy(lines, (line) => line.orderId);
  const shippingOf = groupBy(shipping, (line) => line.orderId);
  const discountsOf = groupBy(discounts, (discount) => discount.orderId);
  return new Map(
    heads.map((head) => [
      head.orderId,
      {
        ...head,
        lines: (linesOf.get(head.orderId) ?? []).map((line) => ({ ...line, taxes: taxesOf.get(line.lineId) ?? [] })),
        shipping: (shippingOf.get(head.orderId) ?? []).map((line) => ({ ...line, taxes: taxesOf.get(line.id) ?? [] })),
        discounts: discountsOf.get(head.orderId) ?? [],
      },
    ]),
  );
}

async function readCorrected(
  db: AnyDb,
  requestIds: readonly InvoiceRequestId[],
): Promise<Map<InvoiceRequestId, CorrectedInvoice>> {
  if (requestIds.length === 0) return new Map();
  const found = await rows<CorrectedInvoice>(
    db,
    sql`select i.request_id as "requestId", i.id as "invoiceId", i.number, i.order_version as "orderVersion", i.content,
               v.ciphertext, v.data_key as "dataKey"
        from invoices i left join invoice_receivers v on v.invoice_id = i.id
        where i.request_id = any(${list('uuid', requestIds)})`,
  );
  return new Map(found.map((row) => [row.requestId, { ...row, content: invoiceContent.parse(row.content) }]));
}
