import { sql } from 'drizzle-orm';
import {
  Fault,
  groupBy,
  type OrderId,
  type PartId,
  type ShipmentId,
  type ShipmentLineId,
  type SkuId,
  type WarehouseId,
} from '../kernel/index.ts';
import { lockOrders } from '../orders/index.ts';
import { list, rows, savepoint, type AnyDb, type Ctx } from '../platform/db/index.ts';
import type { ShipmentState } from './shipment-states.ts';

/** Lock order (DESIGN §1.3): orders by id → shipments by id → levels, in the stock slice. */

export type LockedShipment = {
  readonly id: ShipmentId;
  readonly number: number;
  readonly warehouseId: WarehouseId;
  readonly state: ShipmentState;
  /** Hex; null where the receiver is not known well enough to share a parcel. */
  readonly mergeKey: string | null;
  readonly service: string | null;
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
  readonly trackingUrl: string | null;
};

export type ShipmentLine = {
  readonly id: ShipmentLineId;
  readonly shipmentId: ShipmentId;
  readonly orderId: OrderId;
  readonly partId: PartId;
  readonly skuId: SkuId;
  readonly quantity: number;
};

export type LockedParcel = LockedShipment & { readonly lines: readonly ShipmentLine[] };

const attemptsMax = 8;
const changed = Symbol('what was read unlocked has changed');

/**
 * For verbs that start below the orders: `attempt` reads unlocked, locks from the top down, and answers null when what it
 * had read has changed meanwhile. Then its locks are given back and it starts again.
 */
export async function lockFromTheTop<Result>(
  ctx: Ctx,
  attempt: (attempt: number) => Promise<Result | null>,
): Promise<Result> {
  for (let number = 0; number < attemptsMax; number += 1) {
    try {
      return await savepoint(ctx, async () => {
        const locked = await attempt(number);
        if (locked === null) throw changed;
        return locked;
      });
    } catch (error) {
      if (error !== changed) throw error;
    }
  }
  throw new Fault('unavailable', 'shipment.contended', { retryAfterMs: 200 });
}

/** Locks the orders of these shipments, then the shipments. Throws Fault not_found `shipment.not_found`. */
export async function lockParcels(
  ctx: Ctx,
  shipmentIds: readonly ShipmentId[],
): Promise<Map<ShipmentId, LockedParcel>> {
  return lockFromTheTop(ctx, async () => {
    const before = await readLines(ctx.tx, shipmentIds);
    const locked = new Set(await lockOrders(ctx, [...new Set(before.map((line) => line.orderId))]));
    const shipments = await lockShipments(ctx, shipmentIds);
    const lines = await readLines(ctx.tx, shipmentIds);
    return lines.every((line) => locked.has(line.orderId)) ? toParcels(shipments, lines, shipmentIds) : null;
  });
}

export async function lockShipments(ctx: Ctx, shipmentIds: readonly ShipmentId[]): Promise<LockedShipment[]> {
  return rows<LockedShipment>(
    ctx.tx,
    sql`select id, number, warehouse_id as "warehouseId", state, encode(merge_key, 'hex') as "mergeKey", service, carrier,
          tracking_number as "trackingNumber", tracking_url as "trackingUrl"
        from shipments where id = any(${list('uuid', shipmentIds)})
        order by shipments.id
        for update`,
  );
}

/** Lines that hold units, by id. */
async function readLines(db: AnyDb, shipmentIds: readonly ShipmentId[]): Promise<ShipmentLine[]> {
  return rows<ShipmentLine>(
    db,
    sql`select id, shipment_id as "shipmentId", order_id as "orderId", part_id as "partId", sku_id as "skuId", quantity
        from shipment_lines where shipment_id = any(${list('uuid', shipmentIds)}) and quantity > 0
        order by id`,
  );
}

function toParcels(
  shipments: readonly LockedShipment[],
  lines: readonly ShipmentLine[],
  asked: readonly ShipmentId[],
): Map<ShipmentId, LockedParcel> {
  const byShipment = groupBy(lines, (line) => line.shipmentId);
  const parcels = new Map(
    shipments.map((shipment) => [shipment.id, { ...shipment, lines: byShipment.get(shipment.id) ?? [] }]),
  );
  const missing = asked.find((id) => !parcels.has(id));
  if (missing !== undefined) throw new Fault('not_found', 'shipment.not_found', { data: { shipmentId: missing } });
  return parcels;
}
