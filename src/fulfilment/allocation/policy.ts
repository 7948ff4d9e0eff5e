import type { OrderId, PartId, ShopId, SkuId, WarehouseId } from '../../kernel/index.ts';
import type { DemandRank, LevelKey } from '../../stock/index.ts';

export type DemandLine = { readonly partId: PartId; readonly skuId: SkuId; readonly quantity: number };

/** All open demand of one order. */
export type DemandGroup = DemandRank & {
  readonly shopId: ShopId;
  readonly lines: readonly DemandLine[];
  /** Where a parcel of this order is planned already: one more line there opens no further parcel. */
  readonly openWarehouseIds: readonly WarehouseId[];
};

export type FreeLevel = LevelKey & { readonly free: number };

/** Which warehouses may serve which shop; the lowest rank is preferred. */
export type RankedWarehouse = { readonly shopId: ShopId; readonly warehouseId: WarehouseId; readonly rank: number };

export type Assignment = DemandLine & { readonly warehouseId: WarehouseId };

export type Lack = { readonly skuId: SkuId; readonly wanted: number; readonly free: number };

/** Why a warehouse was chosen or not: codes and numbers; people read them in their own language. */
export type WarehouseReason = {
  readonly warehouseId: WarehouseId;
  readonly outcome: 'chosen' | 'rejected';
  /**
   * `serves_all`, `serves_part` (others serve the rest, or it waits); `has_none`, `has_less` (than another choice),
   * `not_needed` (it could, but the chosen rank before it or spare a parcel).
   */
  readonly code: 'serves_all' | 'serves_part' | 'has_none' | 'has_less' | 'not_needed';
  readonly lacks: readonly Lack[];
  /** Its place among the warehouses that may serve the shop, 1 the first. */
  readonly place: number;
  /** A parcel of the order was planned there already, so one more line opened no further parcel. */
  readonly hasParcel: boolean;
};

export type OrderPlan = {
  readonly orderId: OrderId;
  readonly assignments: readonly Assignment[];
  /** What nobody had: stays demand. */
  readonly short: readonly DemandLine[];
  readonly reasons: readonly WarehouseReason[];
};

/** In the order in which the orders were served. */
export type Plan = { readonly orders: readonly OrderPlan[] };

/** Pure and deterministic: the order of the inputs does not matter, and nothing else is looked at. */
export type AllocationPolicy = (
  demand: readonly DemandGroup[],
  levels: readonly FreeLevel[],
  warehouses: readonly RankedWarehouse[],
) => Plan;
