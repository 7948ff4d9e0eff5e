import type { ShopId, SkuId, WarehouseId } from '../../kernel/index.ts';
import type { DemandGroup, FreeLevel, RankedWarehouse } from './policy.ts';

/** Free units by warehouse and SKU, lessened as orders are planned. */
export type FreeUnits = Map<WarehouseId, Map<SkuId, number>>;

/** A warehouse that may serve an order. `free` is shared with all orders of the plan. */
export type Candidate = {
  readonly warehouseId: WarehouseId;
  readonly hasParcel: boolean;
  readonly free: Map<SkuId, number>;
};

export function freeUnits(levels: readonly FreeLevel[]): FreeUnits {
  const free: FreeUnits = new Map();
  for (const level of levels) {
    const skus = free.get(level.warehouseId) ?? new Map<SkuId, number>();
    free.set(level.warehouseId, skus.set(level.skuId, Math.max(0, level.free)));
  }
  return free;
}

/** Warehouses by shop, the best rank first; equal ranks by id. */
export function rankWarehouses(warehouses: readonly RankedWarehouse[]): Map<ShopId, WarehouseId[]> {
  const ranked = [...warehouses].sort((a, b) => a.rank - b.rank || (a.warehouseId < b.warehouseId ? -1 : 1));
  const byShop = new Map<ShopId, WarehouseId[]>();
  for (const { shopId, warehouseId } of ranked) {
    byShop.set(shopId, [...(byShop.get(shopId) ?? []), warehouseId]);
  }
  return byShop;
}

export function candidatesFor(group: DemandGroup, ranked: readonly WarehouseId[], free: FreeUnits): Candidate[] {
  return ranked.map((warehouseId) => ({
    warehouseId,
    hasParcel: group.openWarehouseIds.includes(warehouseId),
    free: free.get(warehouseId) ?? new Map<SkuId, number>(),
  }));
}

/** Units wanted by SKU: two lines may want the same one. */
export function wantedUnits(group: DemandGroup): Map<SkuId, number> {
  const wanted = new Map<SkuId, number>();
  for (const { skuId, quantity } of group.lines) wanted.set(skuId, (wanted.get(skuId) ?? 0) + quantity);
  return wanted;
}
