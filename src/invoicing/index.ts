export { invoicingChecks } from './audit.ts';
export { changeRule, type RuleChange } from './change-rule.ts';
export { confirmLastNumber, type Confirmed, type LastNumber } from './confirm-last-number.ts';
export { languages, type InvoiceContent, type InvoiceReceiver, type Language } from './content.ts';
export { createSeries, type NewSeries } from './create-series.ts';
export type { InvoiceId, InvoiceRequestId, SeriesId } from './ids.ts';
export { invoicingLaneKind } from './lane.ts';
export { forgetReceivers } from './forget-receivers.ts';
export { lockAllSeries } from './lock-all-series.ts';
export { numberInvoices, type NumberedBatch } from './numbering/number-invoices.ts';
export {
  getInvoice,
  listInvoices,
  listInvoicesOfOrder,
  listRequests,
  readInvoiceReceiver,
  type InvoiceDetail,
  type InvoiceFilters,
  type InvoiceItem,
  type RequestItem,
} from './queries.ts';
export { invoicesMarker } from './requests/invoices-marker.ts';
export { requestInvoice, type RequestedInvoice } from './requests/request-invoice.ts';
export { retryRequest } from './requests/retry-request.ts';
export { invoiceRoutes } from './routes.ts';
export { printInvoice } from './print-invoice.ts';
export { listRules, moments, type InvoiceRule, type Moment } from './rules.ts';
export { changeSeller, readSeller, seller, type Seller } from './seller.ts';
export { invoicingSettingsRoutes } from './settings-routes.ts';
export { listSeries, needSeries, type Series } from './series.ts';
