import type { OrderId, ShopId } from '../../kernel/index.ts';
import type { ColumnTypes } from '../../platform/db/index.ts';
import type { Language } from '../content.ts';
import type { InvoiceRequestId, SeriesId } from '../ids.ts';

export const requestColumns = {
  id: 'uuid',
  orderId: 'uuid',
  shopId: 'uuid',
  version: 'int4',
  kind: 'text',
  source: 'text',
  seriesId: 'uuid',
  language: 'text',
  correctsRequestId: 'uuid',
  refundExternalId: 'text',
  amountMinor: 'int8',
  upToMinor: 'int8',
  reason: 'text',
  factAt: 'timestamptz',
  createdAt: 'timestamptz',
} as const satisfies ColumnTypes;

/** A row of `invoice_requests` as it is made; see schema.ts. */
export type RequestRow = {
  readonly id: InvoiceRequestId;
  readonly orderId: OrderId;
  readonly shopId: ShopId;
  readonly version: number;
  readonly kind: 'invoice' | 'credit_note';
  readonly source: 'ship_out' | 'payment' | 'manual' | 'edit' | 'refund' | 'cancel';
  readonly seriesId: SeriesId;
  readonly language: Language;
  readonly correctsRequestId: InvoiceRequestId | null;
  readonly refundExternalId: string | null;
  readonly amountMinor: number | null;
  readonly upToMinor: number | null;
  readonly reason: string | null;
  /** When what it documents happened. */
  readonly factAt: Date;
  readonly createdAt: Date;
};
