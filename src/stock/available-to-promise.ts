import { sql } from 'drizzle-orm';
import { groupBy, type ShopId, type SkuId, type WarehouseId } from '../kernel/index.ts';
import { list, rows, type AnyDb } from '../platform/db/index.ts';

/** What a promise is made of, in SKU units: `units = Σ (onHand − reserved) − Σ claims.units`. */
export type PromiseTerms = {
  /** The active physical warehouses that serve the shop, the best rank first; those that have none of it too. */
  readonly warehouses: readonly {
    readonly warehouseId: WarehouseId;
    readonly onHand: number;
    readonly reserved: number;
  }[];
  /** Open demand that claims, of every shop that any of those warehouses serves, its own among them. */
  readonly claims: readonly { readonly shopId: ShopId; readonly units: number; readonly orders: number }[];
  /** Negative where more was sold than there is. */
  readonly units: number;
};

type Term = {
  readonly skuId: SkuId;
  readonly warehouseId: WarehouseId | null;
  readonly shopId: ShopId | null;
  readonly plus: number;
  readonly minus: number;
  readonly orders: number;
};

/**
 * What a shop may still promise, term by term (DESIGN §1.5): Σ(on hand − reserved) over the active physical warehouses that
 * serve it, less the open demand that claims of every shop that any of those warehouses serves. Every asked SKU is in the
 * map. One statement.
 */
export async function promiseTerms(
  db: AnyDb,
  shopId: ShopId,
  skuIds: readonly SkuId[],
): Promise<Map<SkuId, PromiseTerms>> {
  if (skuIds.length === 0) return new Map();
  const found = await rows<Term>(
    db,
    sql`with asked as (select unnest(${list('uuid', skuIds)}) as sku_id),
        serving as (
          select served.warehouse_id, served.rank from shop_warehouses served
          join warehouses warehouse on warehouse.id = served.warehouse_id
          where served.shop_id = ${shopId} and warehouse.is_active and warehouse.kind = 'physical'
        ),
        claimants as (
          select distinct shop_id from shop_warehouses where warehouse_id in (select warehouse_id from serving)
        ),
        terms as (
          select asked.sku_id, serving.warehouse_id, null::uuid as shop_id, coalesce(level.on_hand, 0)::int8 as plus,
                 coalesce(level.reserved, 0)::int8 as minus, 0::int8 as orders, serving.rank
          from asked cross join serving
          left join stock_levels level on level.sku_id = asked.sku_id and level.warehouse_id = serving.warehouse_id
          union all
          select sku_id, null, shop_id, 0, sum(quantity)::int8, count(distinct order_id)::int8, 0 from stock_demand
          where sku_id in (select sku_id from asked) and quantity > 0 and claims
            and shop_id in (select shop_id from claimants)
          group by sku_id, shop_id
        )
        select sku_id as "skuId", warehouse_id as "warehouseId", shop_id as "shopId", plus, minus, orders
        from terms order by rank, warehouse_id, shop_id`,
  );
  const bySku = groupBy(found, (term) => term.skuId);
  return new Map(skuIds.map((skuId) => [skuId, toTerms(bySku.get(skuId) ?? [])]));
}

/** The sum of the terms alone, by SKU. A channel is told max(0, …). */
export async function availableToPromise(
  db: AnyDb,
  shopId: ShopId,
  skuIds: readonly SkuId[],
): Promise<Map<SkuId, number>> {
  const terms = await promiseTerms(db, shopId, skuIds);
  return new Map([...terms].map(([skuId, { units }]) => [skuId, units]));
}

function toTerms(terms: readonly Term[]): PromiseTerms {
  return {
    warehouses: terms.flatMap(({ warehouseId, plus, minus }) =>
      warehouseId === null ? [] : [{ warehouseId, onHand: plus, reserved: minus }],
    ),
    claims: terms.flatMap(({ shopId, minus, orders }) => (shopId === null ? [] : [{ shopId, units: minus, orders }])),
    units: terms.reduce((sum, { plus, minus }) => sum + plus - minus, 0),
  };
}
