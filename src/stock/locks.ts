import { sql } from 'drizzle-orm';
import { Fault, type PartId, type ShipmentLineId, type SkuId, type WarehouseId } from '../kernel/index.ts';
import { list, rows, unnest, type Ctx } from '../platform/db/index.ts';
import { byLevel, levelColumns, levelKey, type Level, type LevelKey } from './level.ts';

/**
 * Lock order inside this slice: levels by (SKU, warehouse) → demand by part → reservations. A verb that holds demand must
 * not go on to ask for levels.
 */

/** Locks the levels that exist of these SKUs in these warehouses, in key order, and returns what they are now. */
export async function lockLevels(
  ctx: Ctx,
  skuIds: readonly SkuId[],
  warehouseIds: readonly WarehouseId[],
): Promise<Level[]> {
  return rows<Level>(
    ctx.tx,
    sql`select sku_id as "skuId", warehouse_id as "warehouseId", on_hand as "onHand", reserved
        from stock_levels
        where sku_id = any(${list('uuid', skuIds)}) and warehouse_id = any(${list('uuid', warehouseIds)})
        order by stock_levels.sku_id, stock_levels.warehouse_id
        for update`,
  );
}

/** Locks exactly these levels, in key order. A level that does not exist is not in the map. */
export async function lockExactLevels(ctx: Ctx, keys: readonly LevelKey[]): Promise<Map<string, Level>> {
  const found = await rows<Level>(
    ctx.tx,
    sql`select sku_id as "skuId", warehouse_id as "warehouseId", on_hand as "onHand", reserved
        from stock_levels
        where (sku_id, warehouse_id) in (
          select * from ${unnest(levelColumns, keys)}
        )
        order by stock_levels.sku_id, stock_levels.warehouse_id
        for update`,
  );
  return byLevel(found);
}

/** Like `lockExactLevels`, but a level that does not exist is made first, so that every key is in the map. */
export async function lockOrMakeLevels(ctx: Ctx, keys: readonly LevelKey[]): Promise<Map<string, Level>> {
  const sorted = [...byLevel(keys).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
  await rows(
    ctx.tx,
    sql`insert into stock_levels (sku_id, warehouse_id, updated_at)
        select sku_id, warehouse_id, ${ctx.now}
        from ${unnest(levelColumns, sorted)}
        order by sku_id, warehouse_id
        on conflict do nothing`,
  );
  return lockExactLevels(ctx, sorted);
}

export type LockedDemand = {
  readonly partId: PartId;
  readonly shopId: string;
  readonly skuId: SkuId;
  readonly quantity: number;
  readonly claims: boolean;
  readonly isHeld: boolean;
};

/** Locks the demand of these parts, by part. Throws Fault `stock.no_demand` where a part has none. */
export async function lockDemand(ctx: Ctx, partIds: readonly PartId[]): Promise<Map<PartId, LockedDemand>> {
  const found = await rows<LockedDemand>(
    ctx.tx,
    sql`select part_id as "partId", shop_id as "shopId", sku_id as "skuId", quantity, claims, is_held as "isHeld"
        from stock_demand where part_id = any(${list('uuid', partIds)})
        order by stock_demand.part_id
        for update`,
  );
  const byPart = new Map(found.map((row) => [row.partId, row]));
  const missing = partIds.find((partId) => !byPart.has(partId));
  if (missing !== undefined) throw new Fault('not_found', 'stock.no_demand', { data: { partId: missing } });
  return byPart;
}

export type OpenReservation = LevelKey & {
  readonly id: string;
  readonly partId: PartId;
  readonly shipmentLineId: ShipmentLineId;
  readonly quantity: number;
  readonly expiresAfter: string | null;
};

/** Locks the levels that the open reservations of these lines stand on, in key order. */
export async function lockLevelsOfLines(
  ctx: Ctx,
  shipmentLineIds: readonly ShipmentLineId[],
): Promise<Map<string, Level>> {
  const found = await rows<Level>(
    ctx.tx,
    sql`select sku_id as "skuId", warehouse_id as "warehouseId", on_hand as "onHand", reserved
        from stock_levels
        where (sku_id, warehouse_id) in (
          select sku_id, warehouse_id from reservations
          where state = 'open' and shipment_line_id = any(${list('uuid', shipmentLineIds)})
        )
        order by stock_levels.sku_id, stock_levels.warehouse_id
        for update`,
  );
  return byLevel(found);
}

/** The open reservation of each shipment line, locked. Read after its level is. */
export async function lockOpenReservations(
  ctx: Ctx,
  shipmentLineIds: readonly ShipmentLineId[],
): Promise<Map<ShipmentLineId, OpenReservation>> {
  const found = await rows<OpenReservation>(
    ctx.tx,
    sql`select id, sku_id as "skuId", warehouse_id as "warehouseId", part_id as "partId",
          shipment_line_id as "shipmentLineId", quantity, expires_after as "expiresAfter"
        from reservations where state = 'open' and shipment_line_id = any(${list('uuid', shipmentLineIds)})
        order by reservations.id
        for update`,
  );
  return new Map(found.map((row) => [row.shipmentLineId, row]));
}

/** The level of a key that was locked. */
export function lockedLevel(levels: ReadonlyMap<string, Level>, key: LevelKey): Level {
  const level = levels.get(levelKey(key));
  if (level === undefined) {
    throw new Fault('not_found', 'stock.no_level', { data: { skuId: key.skuId, warehouseId: key.warehouseId } });
  }
  return level;
}
