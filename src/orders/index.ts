export { orderChecks } from './audit.ts';
export { addTimeline, type TimelineEntry, type TimelineKind } from './add-timeline.ts';
export {
  readCurrentOrders,
  type CurrentHold,
  type CurrentLine,
  type CurrentOrder,
  type CurrentReceiver,
} from './current-orders.ts';
export type { OrderTakenIn } from './events.ts';
export { getOrder, type LineDetail, type OrderDetail, type PartDetail } from './get-order.ts';
export { keepTombstones, readTombstones, type CancelNotice, type Tombstone } from './keep-tombstones.ts';
export { lockOrders } from './locks.ts';
export { mapWaitingLines } from './map-waiting-lines.ts';
export { markPartsReturned, type LineUnitsReturned } from './mark-parts-returned.ts';
export { markPartsShipped, type PartQuantity } from './mark-parts-shipped.ts';
export type { OrderDocument, SoldLine, SoldOrder } from './order-document.ts';
export { holdKinds, placeHolds, type HoldKind, type NewHold } from './place-holds.ts';
export {
  countOrdersSince,
  findExternalIds,
  findOrder,
  findOrdersToReread,
  findPartOrders,
  findPartUnits,
  hasWaitingMappedLines,
  listOrders,
  openOnChannelUnits,
  type OrderFilters,
  type OrderItem,
} from './queries.ts';
export { countRefetched, skipOrderNumbers, type RefetchedOrders } from './skip-order-numbers.ts';
export { readReceiver, type Receiver } from './read-receiver.ts';
export { openReceivers, type OpenedReceiver } from './open-receivers.ts';
export { recordChannelFulfilment, type LineQuantityShown } from './record-channel-fulfilment.ts';
export { refreshDemandFacts } from './refresh-demand-facts.ts';
export { refreshFulfilmentStates } from './refresh-fulfilment-states.ts';
export { releaseHolds, type HoldRelease } from './release-holds.ts';
export { orderRoutes } from './routes.ts';
export { planReceiver, type ReceiverPlan } from './receiver/plan-receiver.ts';
export type { LineRow, MaskedReceiver, OrderMoney, OrderRow, PartRow, PaymentState, ReceiverRow } from './rows.ts';
export { setGroups, type OrderSets, type SetGroup, type SetHashes } from './set-rows.ts';
export {
  insertOrders,
  storeOrders,
  type FieldChange,
  type OrderWrites,
  type VersionChanges,
  type VersionRow,
  type WaitingLine,
} from './store-orders.ts';
export { freshPart, partTarget, type LineUnits, type PartCounters, type UnitTarget } from './part-units.ts';
export { touchReads, type SeenUnchanged } from './touch-reads.ts';
export { updatePartCounters, type PartCounterChange } from './update-part-counters.ts';
