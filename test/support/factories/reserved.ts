import { sql } from 'drizzle-orm';
import { newId, type ShipmentLineId, type WarehouseId } from '../../../src/kernel/index.ts';
import { list, rows, type Ctx } from '../../../src/platform/db/index.ts';
import { reserve } from '../../../src/stock/index.ts';
import { makeOrders, makeWorld, receive } from './stock.ts';

export const first = <Item>(items: readonly Item[]): Item => {
  const [item] = items;
  if (item === undefined) throw new Error('empty');
  return item;
};

/** A shipment with one empty line a part: reservations need something to point at. */
export async function makeLines(
  ctx: Ctx,
  warehouseId: WarehouseId,
  partIds: readonly string[],
): Promise<ShipmentLineId[]> {
  const shipmentIds = partIds.map(() => newId<'shipment'>());
  const lineIds = partIds.map(() => newId<'shipment_line'>());
  await rows(
    ctx.tx,
    sql`insert into shipments (id, warehouse_id, reasons, created_at, updated_at)
        select id, ${warehouseId}, '{}', ${ctx.now}, ${ctx.now} from unnest(${list('uuid', shipmentIds)}) as s (id)`,
  );
  await rows(
    ctx.tx,
    sql`insert into shipment_lines (id, shipment_id, order_id, part_id, sku_id, quantity)
        select line.id, line.shipment_id, part.order_id, part.id, part.sku_id, 0
        from unnest(${list('uuid', lineIds)}, ${list('uuid', shipmentIds)}, ${list('uuid', partIds)}) as line (id, shipment_id, part_id)
        join order_line_parts part on part.id = line.part_id`,
  );
  return lineIds;
}

/** Ten of one SKU in one warehouse, and one order of four of it with a shipment line. */
export async function makeReserved(ctx: Ctx, units: number) {
  const world = await makeWorld(ctx);
  const [shopId, skuId, warehouseId] = [first(world.shopIds), first(world.skuIds), first(world.warehouseIds)];
  await receive(ctx, [{ skuId, warehouseId, quantity: 10 }]);
  const partId = first(first(await makeOrders(ctx, [{ shopId, lines: [{ skuId, quantity: 4 }] }])).partIds);
  const lineId = first(await makeLines(ctx, warehouseId, [partId]));
  const wanted = {
    reservationId: newId<'reservation'>(),
    partId,
    shipmentLineId: lineId,
    skuId,
    warehouseId,
    quantity: units,
    expiresAfter: null,
  };
  if (units > 0) await reserve(ctx, [wanted]);
  return { shopId, skuId, warehouseId, partId, lineId, wanted };
}
