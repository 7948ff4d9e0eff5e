import { sql, type SQL } from 'drizzle-orm';
import { groupBy, newId, type OrderId, type ShipmentId, type ShipmentLineId } from '../kernel/index.ts';
import { list, rows, unnest, type ColumnTypes, type Ctx } from '../platform/db/index.ts';
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
      return assignments.map((one) => ({
        shipmentLineId: newId<'shipment_line'>(),
        orderId: order.orderId,
        shipmentId,
        ...one,
      }));
    }),
  );
  if (lines.length === 0) return [];
  await insertShipments(ctx, parcels);
  if (grown.size === 0) return insertLines(ctx, lines);
  await touchShipments(ctx, grown);
  return growLines(ctx, lines);
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

const lineColumns = {
  shipmentLineId: 'uuid',
  shipmentId: 'uuid',
  orderId: 'uuid',
  partId: 'uuid',
  skuId: 'uuid',
  quantity: 'int4',
} as const satisfies ColumnTypes;

const insertOf = (lines: readonly StoredLine[]): SQL => sql`
  insert into shipment_lines (id, shipment_id, order_id, part_id, sku_id, quantity)
  select * from ${unnest(lineColumns, lines)}`;

async function insertLines(ctx: Ctx, lines: readonly StoredLine[]): Promise<StoredLine[]> {
  await rows(ctx.tx, insertOf(lines));
  return [...lines];
}

/** Where a parcel stands already it may hold the part: its line grows, under the id that it has. */
async function growLines(ctx: Ctx, lines: readonly StoredLine[]): Promise<StoredLine[]> {
  const stored = await rows<{ id: ShipmentLineId; shipmentId: ShipmentId; partId: string }>(
    ctx.tx,
    sql`${insertOf(lines)}
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
