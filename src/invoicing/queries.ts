import { sql, type SQL } from 'drizzle-orm';
import {
  decodeCursor,
  Fault,
  toPage,
  type OrderId,
  type Page,
  type PageRequest,
  type ShopId,
} from '../kernel/index.ts';
import type { Keyring } from '../platform/crypto/index.ts';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';
import { hashContent, invoiceContent, type InvoiceContent, type InvoiceReceiver } from './content.ts';
import type { InvoiceId, InvoiceRequestId } from './ids.ts';
import { openReceiver } from './receiver.ts';

export type InvoiceItem = {
  readonly invoiceId: InvoiceId;
  readonly number: string;
  readonly kind: 'invoice' | 'credit_note';
  readonly orderId: OrderId;
  readonly orderNumber: number;
  readonly shopId: ShopId;
  readonly issuedAt: Date;
  readonly issuedOn: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly taxMinor: number;
  /** Of an invoice: what credit notes took back. */
  readonly creditedMinor: number;
  /** Of a credit note: the invoice it corrects. */
  readonly corrects: string | null;
};

const itemColumns: SQL = sql`i.id as "invoiceId", i.number, i.kind, i.order_id as "orderId", o.number as "orderNumber",
  i.shop_id as "shopId", i.issued_at as "issuedAt", i.issued_on::text as "issuedOn", i.currency, i.total_minor as "totalMinor",
  i.tax_minor as "taxMinor",
  coalesce((select sum(c.total_minor) from invoices c where c.corrects_invoice_id = i.id), 0)::int8 as "creditedMinor",
  (select c.number from invoices c where c.id = i.corrects_invoice_id) as corrects`;

export type InvoiceFilters = {
  readonly orderId?: OrderId | undefined;
  readonly shopId?: ShopId | undefined;
  readonly kind?: 'invoice' | 'credit_note' | undefined;
  /** Days of issue, both included. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
};

/** Newest first. */
export async function listInvoices(
  db: AnyDb,
  page: PageRequest,
  filters: InvoiceFilters = {},
): Promise<Page<InvoiceItem>> {
  const [at, id] = page.after === null ? [null, null] : decodeCursor(page.after, 2);
  const conditions: SQL[] = [sql`(${id}::uuid is null or (i.issued_at, i.id) < (${at}::timestamptz, ${id}::uuid))`];
  if (filters.orderId !== undefined) conditions.push(sql`i.order_id = ${filters.orderId}`);
  if (filters.shopId !== undefined) conditions.push(sql`i.shop_id = ${filters.shopId}`);
  if (filters.kind !== undefined) conditions.push(sql`i.kind = ${filters.kind}`);
  if (filters.from !== undefined) conditions.push(sql`i.issued_on >= ${filters.from}::date`);
  if (filters.until !== undefined) conditions.push(sql`i.issued_on <= ${filters.until}::date`);
  const found = await rows<InvoiceItem & { key: string }>(
    db,
    sql`select ${itemColumns}, i.issued_at::text as key from invoices i join orders o on o.id = i.order_id
        where ${sql.join(conditions, sql` and `)}
        order by i.issued_at desc, i.id desc limit ${page.limit + 1}`,
  );
  const { items, next } = toPage(found, page.limit, (row) => [row.key, row.invoiceId]);
  return { items: items.map(({ key: _key, ...item }) => item), next };
}

/** All of one order, oldest first: what `explain` and the order's page tell. */
export function listInvoicesOfOrder(db: AnyDb, orderId: OrderId): Promise<InvoiceItem[]> {
  return rows<InvoiceItem>(
    db,
    sql`select ${itemColumns} from invoices i join orders o on o.id = i.order_id
        where i.order_id = ${orderId} order by i.issued_at, i.id limit 1000`,
  );
}

export type InvoiceDetail = InvoiceItem & { readonly content: InvoiceContent };

/** By id or number. Throws Fault `invoice.unknown`; `invoice.content_changed` where the row is not what was issued. */
export async function getInvoice(db: AnyDb, which: { id: InvoiceId } | { number: string }): Promise<InvoiceDetail> {
  const found = await firstRow<InvoiceItem & { content: unknown; contentHash: Uint8Array }>(
    db,
    sql`select ${itemColumns}, i.content, i.content_hash as "contentHash"
        from invoices i join orders o on o.id = i.order_id
        where ${'id' in which ? sql`i.id = ${which.id}` : sql`i.number = ${which.number}`}`,
  );
  if (found === null) throw new Fault('not_found', 'invoice.unknown', { message: 'there is no such invoice' });
  const { contentHash, ...invoice } = found;
  const content = invoiceContent.parse(invoice.content);
  if (Buffer.compare(hashContent(content), contentHash) !== 0) {
    throw new Fault('internal', 'invoice.content_changed', { data: { invoiceId: invoice.invoiceId } });
  }
  return { ...invoice, content };
}

/** Null where the channel told none, or its term is over. Personal data: never logged. */
export async function readInvoiceReceiver(
  db: AnyDb,
  keyring: Keyring,
  invoiceId: InvoiceId,
): Promise<InvoiceReceiver | null> {
  const sealed = await firstRow<{ ciphertext: Uint8Array; dataKey: Uint8Array }>(
    db,
    sql`select ciphertext, data_key as "dataKey" from invoice_receivers where invoice_id = ${invoiceId}`,
  );
  return sealed === null ? null : openReceiver(keyring, invoiceId, sealed);
}

export type RequestItem = {
  readonly requestId: InvoiceRequestId;
  readonly orderId: OrderId;
  readonly orderNumber: number;
  readonly kind: 'invoice' | 'credit_note';
  readonly source: string;
  readonly state: 'due' | 'parked' | 'numbered' | 'dropped';
  readonly series: string;
  readonly amountMinor: number | null;
  readonly cause: Readonly<Record<string, unknown>> | null;
  readonly createdAt: Date;
  /** Of the document, once numbered. */
  readonly number: string | null;
};

/** Newest first. */
export async function listRequests(
  db: AnyDb,
  page: PageRequest,
  filters: { readonly state?: RequestItem['state'] | undefined; readonly orderId?: OrderId | undefined } = {},
): Promise<Page<RequestItem>> {
  const [at, id] = page.after === null ? [null, null] : decodeCursor(page.after, 2);
  const conditions: SQL[] = [sql`(${id}::uuid is null or (r.created_at, r.id) < (${at}::timestamptz, ${id}::uuid))`];
  if (filters.state !== undefined) conditions.push(sql`r.state = ${filters.state}`);
  if (filters.orderId !== undefined) conditions.push(sql`r.order_id = ${filters.orderId}`);
  const found = await rows<RequestItem & { key: string }>(
    db,
    sql`select r.id as "requestId", r.order_id as "orderId", o.number as "orderNumber", r.kind, r.source, r.state, s.code as series,
               r.amount_minor as "amountMinor", r.cause, r.created_at as "createdAt", i.number, r.created_at::text as key
        from invoice_requests r
        join orders o on o.id = r.order_id
        join invoice_series s on s.id = r.series_id
        left join invoices i on i.request_id = r.id
        where ${sql.join(conditions, sql` and `)}
        order by r.created_at desc, r.id desc limit ${page.limit + 1}`,
  );
  const { items, next } = toPage(found, page.limit, (row) => [row.key, row.requestId]);
  return { items: items.map(({ key: _key, ...item }) => item), next };
}
