import { sql } from 'drizzle-orm';
import type { OrderId, ShipmentId, WarehouseId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

/** A shipment that still takes lines, once for each of the asked orders that it holds units of. */
export type PlannedShipment = {
  readonly shipmentId: ShipmentId;
  readonly orderId: OrderId;
  readonly warehouseId: WarehouseId;
};

/** Locks the planned shipments of locked orders, by id. The lowest number comes first. */
export async function lockPlannedShipments(ctx: Ctx, orderIds: readonly OrderId[]): Promise<PlannedShipment[]> {
  const locked = await rows<{ id: ShipmentId }>(
    ctx.tx,
    sql`select id from shipments
        where state = 'planned' and id in (
          select shipment_id from shipment_lines where order_id = any(${list('uuid', orderIds)}) and quantity > 0
        )
        order by shipments.id
        for update`,
  );
  if (locked.length === 0) return [];
  return rows<PlannedShipment>(
    ctx.tx,
    sql`select distinct shipment.number, line.shipment_id as "shipmentId", line.order_id as "orderId",
          shipment.warehouse_id as "warehouseId"
        from shipment_lines line join shipments shipment on shipment.id = line.shipment_id
        where line.shipment_id = any(${list(
          'uuid',
          locked.map(({ id }) => id),
        )})
          and line.order_id = any(${list('uuid', orderIds)}) and line.quantity > 0
        order by shipment.number`,
  );
}
