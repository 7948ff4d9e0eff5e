export { announceShipments } from './announce-shipments.ts';
export { outboundChecks } from './audit.ts';
export {
  getDelivery,
  hastenedWritesMarker,
  listDeliveries,
  pruneDeliveries,
  resendDeliveries,
  type DeliveryAttemptRow,
} from './deliveries/index.ts';
export { countDoubtfulWrites, doubtWrites } from './doubt-writes.ts';
export type { OrderTold } from './events.ts';
export { announcementsMarker } from './mark-announcements.ts';
export { pushStock, type OrdersReader } from './push-stock.ts';
export { findAnnouncements, findChannelRequests, findRefundAnswers, findShopsWithDueWrites } from './queries.ts';
export { readBackStock } from './read-back-stock.ts';
export { requestCancel, type CancelRequest, type RequestLine } from './request-cancel.ts';
export { requestRefund, type RefundRequest } from './request-refund.ts';
export { outboundRoutes } from './routes.ts';
export { sendRequests } from './send-requests.ts';
export { settleCancels } from './settle-cancels.ts';
export { stockNumbers, type NumberTerms, type StockNumber } from './stock-numbers.ts';
