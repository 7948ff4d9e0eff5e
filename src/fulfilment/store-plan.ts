import { sql } from 'drizzle-orm';
import { groupBy, newId, type OrderId, type ShipmentId, type ShipmentLineId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import type { Assignment, OrderPlan } from './allocation/policy.ts';
import { readOrderFacts } from './order-facts.ts';
import type { PlannedShipment } from './planned-shipments.ts';

export type StoredLine = Assignment & {
  readonly orderId: OrderId;
  readonly shipmentId: ShipmentId;
  readonly shipmentLineId: ShipmentLineId;
};

type NewParcel = { readonly shipmentId: ShipmentId; readonly order: OrderPlan; readonly warehouseId: string };

/**
 * Writes a plan as shipments and their lines: one shipment an order and warehouse, an existing planned one where there is
 * one. Returns each assignment with the line that now holds it.
 */
export async function storePlan(
  ctx: Ctx,
  orders: readonly OrderPlan[],
  planned: readonly PlannedShipment[],
): Promise<StoredLine[]> {
  const known = new Map(
    [...planned].reverse().map((shipment) => [`${shipment.orderId} ${shipment.warehouseId}`, shipment.shipmentId]),
  );
  const grown = new Set<ShipmentId>();
  const parcels: NewParcel[] = [];
  const lines = orders.flatMap((order) =>
    [...groupBy(order.assignments, (one) => one.warehouseId)].flatMap(([warehouseId, assignments]) => {
      const existing = known.get(`${order.orderId} ${warehouseId}`);
      const shipmentId = existing ?? newId<'shipment'>();
      if (existing === undefined) parcels.push({ shipmentId, order, warehouseId });
      else grown.add(existing);
      return assignments.map((one) => ({ ...one, orderId: order.orderId, shipmentId }));
    }),
  );
  if (lines.length === 0) return [];
  await insertShipments(ctx, parcels);
  await touchShipments(ctx, grown);
  return storeLines(ctx, lines);
}

async function insertShipments(ctx: Ctx, parcels: readonly NewParcel[]): Promise<void> {
  if (parcels.length === 0) return;
  const facts = await readOrderFacts(ctx.tx, new Set(parcels.map(({ order }) => order.orderId)));
  await rows(
    ctx.tx,
    sql`insert into shipments (id, warehouse_id, merge_key, service, reasons, created_at, updated_at)
        select id, warehouse_id, decode(merge_key, 'hex'), service, reasons, ${ctx.now}, ${ctx.now}
        from unnest(
          ${list(
            'uuid',
            parcels.map(({ shipmentId }) => shipmentId),
          )},
          ${list(
            'uuid',
            parcels.map(({ warehouseId }) => warehouseId),
          )},
          ${list(
            'text',
            parcels.map(({ order }) => facts.get(order.orderId)?.mergeKey),
          )},
          ${list(
            'text',
            parcels.map(({ order }) => facts.get(order.orderId)?.service),
          )},
          ${list(
            'jsonb',
            parcels.map(({ order }) => ({ policy: 'fewest_parcels', warehouses: order.reasons })),
          )}
        ) as parcel (id, warehouse_id, merge_key, service, reasons)`,
  );
}

async function touchShipments(ctx: Ctx, shipmentIds: ReadonlySet<ShipmentId>): Promise<void> {
  if (shipmentIds.size === 0) return;
  await rows(
    ctx.tx,
    sql`update shipments set version = version + 1, updated_at = ${ctx.now}
        where id = any(${list('uuid', shipmentIds)})`,
  );
}

async function storeLines(
  ctx: Ctx,
  lines: readonly (Assignment & { readonly orderId: OrderId; readonly shipmentId: ShipmentId })[],
): Promise<StoredLine[]> {
  const stored = await rows<{ id: ShipmentLineId; shipmentId: ShipmentId; partId: string }>(
    ctx.tx,
    sql`insert into shipment_lines (id, shipment_id, order_id, part_id, sku_id, quantity)
        select * from unnest(
          ${list(
            'uuid',
            lines.map(() => newId<'shipment_line'>()),
          )},
          ${list(
            'uuid',
            lines.map((line) => line.shipmentId),
          )},
          ${list(
            'uuid',
            lines.map((line) => line.orderId),
          )},
          ${list(
            'uuid',
            lines.map((line) => line.partId),
          )},
          ${list(
            'uuid',
            lines.map((line) => line.skuId),
          )},
          ${list(
            'int4',
            lines.map((line) => line.quantity),
          )}
        )
        on conflict (shipment_id, part_id) do update set quantity = shipment_lines.quantity + excluded.quantity
        returning id, shipment_id as "shipmentId", part_id as "partId"`,
  );
  const ids = new Map(stored.map((line) => [`${line.shipmentId} ${line.partId}`, line.id]));
  return lines.map((line) => {
    const shipmentLineId = ids.get(`${line.shipmentId} ${line.partId}`);
    if (shipmentLineId === undefined) throw new Error('a stored shipment line did not come back');
    return { ...line, shipmentLineId };
  });
}
