import type { Id } from '../kernel/index.ts';

export type InvoiceId = Id<'invoice'>;
export type InvoiceRequestId = Id<'invoice_request'>;
export type SeriesId = Id<'invoice_series'>;
