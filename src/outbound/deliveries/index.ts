export { openDeliveryLog, type DeliveryLog } from './delivery-log.ts';
export { deliveryOutcome, isUsedUp, retryDelayMs } from './delivery-outcome.ts';
export { hastenedWritesMarker } from './hasten-writes.ts';
export { pruneDeliveries } from './prune-deliveries.ts';
export { getDelivery, listDeliveries, type DeliveryAttemptRow } from './queries.ts';
export { resendDeliveries } from './resend.ts';
export { deliveryRoutes } from './routes.ts';
