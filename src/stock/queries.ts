import { sql, type SQL } from 'drizzle-orm';
import {
  decodeCursor,
  toPage,
  type Page,
  type PageRequest,
  type ShopId,
  type SkuId,
  type StockMoveId,
  type WarehouseId,
} from '../kernel/index.ts';
import { list, rows, type AnyDb } from '../platform/db/index.ts';
import type { Level } from './level.ts';

export type WarehouseItem = {
  readonly warehouseId: WarehouseId;
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly countryCode: string;
  readonly timeZone: string;
  readonly isActive: boolean;
  readonly shops: readonly { readonly shopId: ShopId; readonly rank: number }[];
};

/** All warehouses, by code, with the shops they serve. */
export async function listWarehouses(db: AnyDb): Promise<WarehouseItem[]> {
  return rows<WarehouseItem>(
    db,
    sql`select id as "warehouseId", code, name, kind, country_code as "countryCode", time_zone as "timeZone", is_active as "isActive",
          coalesce((
            select jsonb_agg(jsonb_build_object('shopId', shop_id, 'rank', rank) order by rank, shop_id)
            from shop_warehouses where warehouse_id = warehouses.id
          ), '[]'::jsonb) as shops
        from warehouses order by code`,
  );
}

export type ServingWarehouse = { readonly shopId: ShopId; readonly warehouseId: WarehouseId; readonly rank: number };

/** The active physical warehouses that serve these shops. */
export async function findServingWarehouses(db: AnyDb, shopIds: readonly ShopId[]): Promise<ServingWarehouse[]> {
  return rows<ServingWarehouse>(
    db,
    sql`select served.shop_id as "shopId", served.warehouse_id as "warehouseId", served.rank
        from shop_warehouses served join warehouses warehouse on warehouse.id = served.warehouse_id
        where served.shop_id = any(${list('uuid', shopIds)}) and warehouse.is_active and warehouse.kind = 'physical'
        order by served.shop_id, served.rank, served.warehouse_id`,
  );
}

/** The levels of these SKUs in all warehouses, unlocked. */
export async function readLevels(db: AnyDb, skuIds: readonly SkuId[]): Promise<Level[]> {
  return rows<Level>(
    db,
    sql`select sku_id as "skuId", warehouse_id as "warehouseId", on_hand as "onHand", reserved
        from stock_levels where sku_id = any(${list('uuid', skuIds)}) order by sku_id, warehouse_id`,
  );
}

export type LevelItem = Level & {
  readonly skuCode: string;
  readonly warehouseCode: string;
  /** Open demand of the SKU over all shops and warehouses, claiming or not. */
  readonly demand: number;
};

export type LevelFilters = { readonly skuId?: SkuId; readonly warehouseId?: WarehouseId };

/** Levels by SKU code and warehouse code. */
export async function listLevels(db: AnyDb, page: PageRequest, filters: LevelFilters = {}): Promise<Page<LevelItem>> {
  const after = page.after === null ? null : decodeCursor(page.after, 2);
  const found = await rows<LevelItem>(
    db,
    sql`select level.sku_id as "skuId", level.warehouse_id as "warehouseId", level.on_hand as "onHand", level.reserved,
          sku.code as "skuCode", warehouse.code as "warehouseCode",
          coalesce((
            select sum(quantity)::int8 from stock_demand where sku_id = level.sku_id and quantity > 0
          ), 0)::int8 as demand
        from stock_levels level
        join skus sku on sku.id = level.sku_id
        join warehouses warehouse on warehouse.id = level.warehouse_id
        where ${both(filters, 'level')}
          and ${after === null ? sql`true` : sql`(sku.code, warehouse.code) > (${after[0]}, ${after[1]})`}
        order by sku.code, warehouse.code
        limit ${page.limit + 1}`,
  );
  return toPage(found, page.limit, (item) => [item.skuCode, item.warehouseCode]);
}

export type MoveItem = {
  readonly moveId: StockMoveId;
  readonly at: Date;
  readonly skuId: SkuId;
  readonly warehouseId: WarehouseId;
  readonly binCode: string;
  readonly lotId: string | null;
  readonly quantity: number;
  readonly reason: string;
  readonly referenceKind: string | null;
  readonly referenceId: string | null;
  readonly note: string | null;
  /** Decimal text, per unit. */
  readonly unitCost: string | null;
  readonly costCurrency: string | null;
  readonly actorKind: string;
  readonly actorId: string;
};

/** Moves, the newest first. */
export async function listMoves(db: AnyDb, page: PageRequest, filters: LevelFilters = {}): Promise<Page<MoveItem>> {
  const after = page.after === null ? null : decodeCursor(page.after, 2);
  const found = await rows<MoveItem & { atText: string }>(
    db,
    sql`select id as "moveId", at, at::text as "atText", sku_id as "skuId", warehouse_id as "warehouseId", bin_code as "binCode",
          lot_id as "lotId", quantity, reason, reference_kind as "referenceKind", reference_id as "referenceId", note,
          unit_cost as "unitCost", cost_currency as "costCurrency", actor_kind as "actorKind", actor_id as "actorId"
        from stock_moves move
        where ${both(filters, 'move')}
          and ${after === null ? sql`true` : sql`(at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
        order by at desc, id desc
        limit ${page.limit + 1}`,
  );
  const cut = toPage(found, page.limit, (item) => [item.atText, item.moveId]);
  return { ...cut, items: cut.items.map(({ atText: _, ...item }) => item) };
}

function both({ skuId, warehouseId }: LevelFilters, table: 'level' | 'move'): SQL {
  const name = sql.raw(table);
  return sql`${skuId === undefined ? sql`true` : sql`${name}.sku_id = ${skuId}`}
    and ${warehouseId === undefined ? sql`true` : sql`${name}.warehouse_id = ${warehouseId}`}`;
}
