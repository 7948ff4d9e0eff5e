import { sql } from 'drizzle-orm';
import { rows, unnest, type AnyDb } from '../platform/db/index.ts';
import { levelColumns, type LevelKey } from '../stock/index.ts';
import type { ReservedLine } from './plan-loss.ts';

/** All open reservations on these levels, with their shipment and the rank of their demand. */
export async function readReservedLines(db: AnyDb, keys: readonly LevelKey[]): Promise<ReservedLine[]> {
  return rows<ReservedLine>(
    db,
    sql`select reservation.sku_id as "skuId", reservation.warehouse_id as "warehouseId", reservation.quantity,
          reservation.shipment_line_id as "shipmentLineId", line.shipment_id as "shipmentId", shipment.number,
          shipment.state, line.order_id as "orderId", demand.shop_id as "shopId", demand.priority,
          demand.ship_by as "shipBy", demand.paid_at as "paidAt", demand.placed_at as "placedAt"
        from reservations reservation
        join shipment_lines line on line.id = reservation.shipment_line_id
        join shipments shipment on shipment.id = line.shipment_id
        join stock_demand demand on demand.part_id = reservation.part_id
        where reservation.state = 'open' and (reservation.sku_id, reservation.warehouse_id) in (
          select * from ${unnest(levelColumns, keys)}
        )`,
  );
}
