export { adjustLevels, type LevelAdjustment } from './adjust-levels.ts';
export { stockChecks } from './audit.ts';
export { availableToPromise, promiseTerms, type PromiseTerms } from './available-to-promise.ts';
export { addDemand, cancelDemand, type DemandChange } from './change-demand.ts';
export { clearDemandDue } from './clear-demand-due.ts';
export { consume } from './consume.ts';
export { createWarehouse, type NewWarehouse } from './create-warehouse.ts';
export type { DemandDue, StockChanged, StockFreed } from './events.ts';
export type { Level, LevelKey } from './level.ts';
export { levelColumns, levelKey } from './level.ts';
export { lockLevels } from './locks.ts';
export { markDemandDue } from './mark-demand-due.ts';
export { openDemand, type NewDemand } from './open-demand.ts';
export {
  compareDemand,
  findDueDemand,
  findOpenDemandForOrders,
  hasDueDemand,
  readDemand,
  type Demand,
  type DemandRank,
} from './demand-queries.ts';
export {
  findServingWarehouses,
  listLevels,
  listMoves,
  listWarehouses,
  readLevels,
  type LevelItem,
  type MoveItem,
  type ServingWarehouse,
  type WarehouseItem,
} from './queries.ts';
export { receiveStock, type Receipt } from './receive-stock.ts';
export { release, type LineQuantity } from './release.ts';
export { reserve, type NewReservation } from './reserve.ts';
export { stockRoutes } from './routes.ts';
export { takeBack, type TakenBack } from './take-back.ts';
export { serveShop, type ServeShop } from './serve-shop.ts';
export { setDemandFacts, type DemandFacts } from './set-demand-facts.ts';
export { transferReservations, type ReservationTransfer } from './transfer-reservations.ts';
