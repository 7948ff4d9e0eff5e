import { sql } from 'drizzle-orm';
import type { ShopId, SkuId } from '../kernel/index.ts';
import { list, rows, type AnyDb } from '../platform/db/index.ts';

/**
 * What a shop may still promise, in SKU units (DESIGN §1.5): Σ(on hand − reserved) over the active physical warehouses that
 * serve it, less the open demand that claims of every shop that any of those warehouses serves. Negative where more was
 * sold than there is; a channel is told max(0, …). Every asked SKU is in the map.
 */
export async function availableToPromise(
  db: AnyDb,
  shopId: ShopId,
  skuIds: readonly SkuId[],
): Promise<Map<SkuId, number>> {
  const promised = new Map<SkuId, number>(skuIds.map((skuId) => [skuId, 0]));
  if (skuIds.length === 0) return promised;
  const found = await rows<{ skuId: SkuId; units: number }>(
    db,
    sql`with asked as (select unnest(${list('uuid', skuIds)}) as sku_id),
        serving as (
          select served.warehouse_id from shop_warehouses served
          join warehouses warehouse on warehouse.id = served.warehouse_id
          where served.shop_id = ${shopId} and warehouse.is_active and warehouse.kind = 'physical'
        ),
        claimants as (
          select distinct shop_id from shop_warehouses where warehouse_id in (select warehouse_id from serving)
        ),
        counted as (
          select sku_id, (on_hand - reserved)::int8 as units from stock_levels
          where sku_id in (select sku_id from asked) and warehouse_id in (select warehouse_id from serving)
          union all
          select sku_id, -quantity::int8 from stock_demand
          where sku_id in (select sku_id from asked) and quantity > 0 and claims
            and shop_id in (select shop_id from claimants)
        )
        select sku_id as "skuId", sum(units)::int8 as units from counted group by sku_id`,
  );
  for (const { skuId, units } of found) promised.set(skuId, units);
  return promised;
}
