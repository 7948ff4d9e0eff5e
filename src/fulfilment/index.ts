export { adjustStock, type StockAdjustment } from './adjust-stock.ts';
export { advanceShipments, type Advance, type FloorState } from './advance-shipments.ts';
export { allocate, type Allocated } from './allocate.ts';
export type { AllocationPolicy } from './allocation/policy.ts';
export { fulfilmentChecks } from './audit.ts';
export { correctTracking, type TrackingCorrection } from './correct-tracking.ts';
export type { ShipmentShipped, TrackingCorrected } from './events.ts';
export {
  checkDocument,
  compareAge,
  takeInOrders,
  type DocumentAge,
  type IntakeOutcome,
  type IntakeResult,
} from './intake/index.ts';
export { mergeShipments } from './merge-shipments.ts';
export {
  findShipmentIds,
  getShipment,
  listShipments,
  type ShipmentDetail,
  type ShipmentFilters,
  type ShipmentItem,
} from './queries.ts';
export { shipmentRoutes } from './routes.ts';
export { shipOut, type ShipOut, type ShipOutOutcome } from './ship-out.ts';
export type { Tracking } from './tracking.ts';
export type { ShipmentState } from './shipment-states.ts';
export { skipShipmentNumbers } from './skip-shipment-numbers.ts';
export { splitShipment, type ShipmentSplit } from './split-shipment.ts';
export { withdrawUnits, type Withdrawal } from './withdraw-units.ts';
