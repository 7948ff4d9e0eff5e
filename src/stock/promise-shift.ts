import { sql } from 'drizzle-orm';
import type { PartId, SkuId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { raiseStockChanged } from './events.ts';
import type { LevelKey } from './level.ts';
import type { LockedDemand } from './locks.ts';

/**
 * Moving units between demand and reserved leaves every shop's number as it was, with two exceptions, which are told:
 * demand that did not claim, and a shop that shares a warehouse with the order's shop but is not served by the one the
 * units are in (the claim counts for it, the reservation does not).
 */
export async function raisePromiseShift(
  ctx: Ctx,
  moved: readonly (LevelKey & { readonly partId: PartId })[],
  demand: ReadonlyMap<PartId, LockedDemand>,
): Promise<void> {
  const unclaimed = moved.filter(({ partId }) => demand.get(partId)?.claims === false).map(({ skuId }) => skuId);
  const pairs = new Map<string, { shopId: string; warehouseId: string; skuIds: SkuId[] }>();
  for (const { partId, skuId, warehouseId } of moved) {
    const shopId = demand.get(partId)?.shopId ?? '';
    const key = `${shopId} ${warehouseId}`;
    const pair = pairs.get(key) ?? { shopId, warehouseId, skuIds: [] };
    pair.skuIds.push(skuId);
    pairs.set(key, pair);
  }
  const asked = [...pairs.values()];
  const shifted = await rows<{ shopId: string; warehouseId: string }>(
    ctx.tx,
    sql`select pair.shop_id as "shopId", pair.warehouse_id as "warehouseId"
        from unnest(${list(
          'uuid',
          asked.map((pair) => pair.shopId),
        )}, ${list(
          'uuid',
          asked.map((pair) => pair.warehouseId),
        )})
          as pair (shop_id, warehouse_id)
        where exists (
          select 1 from shop_warehouses own
          join shop_warehouses other on other.warehouse_id = own.warehouse_id
          where own.shop_id = pair.shop_id and not exists (
            select 1 from shop_warehouses here
            where here.shop_id = other.shop_id and here.warehouse_id = pair.warehouse_id
          )
        )`,
  );
  const elsewhere = shifted.flatMap(({ shopId, warehouseId }) => pairs.get(`${shopId} ${warehouseId}`)?.skuIds ?? []);
  raiseStockChanged(ctx, [...unclaimed, ...elsewhere]);
}
