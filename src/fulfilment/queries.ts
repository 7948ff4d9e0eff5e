import { sql } from 'drizzle-orm';
import {
  decodeCursor,
  toPage,
  type OrderId,
  type Page,
  type PageRequest,
  type PartId,
  type ShipmentId,
  type ShipmentLineId,
  type SkuId,
  type WarehouseId,
} from '../kernel/index.ts';
import { firstRow, list, rows, type AnyDb } from '../platform/db/index.ts';
import type { ShipmentState } from './shipment-states.ts';

export type ShipmentItem = {
  readonly shipmentId: ShipmentId;
  readonly number: number;
  readonly warehouseId: WarehouseId;
  readonly warehouseCode: string;
  readonly state: ShipmentState;
  readonly service: string | null;
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
  readonly trackingUrl: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly shippedAt: Date | null;
  readonly orders: readonly { readonly orderId: OrderId; readonly number: number; readonly externalNumber: string }[];
  /** SKU units. */
  readonly units: number;
};

export type ShipmentDetail = ShipmentItem & {
  /** The planner's, as it gave them. */
  readonly reasons: unknown;
  readonly lines: readonly {
    readonly shipmentLineId: ShipmentLineId;
    readonly orderId: OrderId;
    readonly partId: PartId;
    readonly skuId: SkuId;
    readonly skuCode: string;
    readonly quantity: number;
  }[];
};

export type ShipmentFilters = {
  readonly state?: ShipmentState;
  readonly warehouseId?: WarehouseId;
  readonly orderId?: OrderId;
};

/** A line whose units were withdrawn or moved away counts only where the whole shipment ended so. */
const counts = sql`(quantity > 0 or shipment.state = 'cancelled')`;

const columns = sql`shipment.id as "shipmentId", shipment.number, shipment.warehouse_id as "warehouseId", warehouse.code as "warehouseCode",
  shipment.state, shipment.service, shipment.carrier, shipment.tracking_number as "trackingNumber",
  shipment.tracking_url as "trackingUrl", shipment.version, shipment.created_at as "createdAt",
  shipment.shipped_at as "shippedAt",
  coalesce((select sum(quantity)::int8 from shipment_lines where shipment_id = shipment.id), 0)::int8 as units,
  coalesce((
    select jsonb_agg(jsonb_build_object('orderId', o.id, 'number', o.number, 'externalNumber', o.external_number)
      order by o.number)
    from orders o where o.id in (select order_id from shipment_lines where shipment_id = shipment.id and ${counts})
  ), '[]'::jsonb) as orders`;

/** Shipments, the newest first. */
export async function listShipments(
  db: AnyDb,
  page: PageRequest,
  filters: ShipmentFilters = {},
): Promise<Page<ShipmentItem>> {
  const after = page.after === null ? null : decodeCursor(page.after, 2);
  const { state, warehouseId, orderId } = filters;
  const found = await rows<ShipmentItem & { createdAtText: string }>(
    db,
    sql`select ${columns}, shipment.created_at::text as "createdAtText"
        from shipments shipment join warehouses warehouse on warehouse.id = shipment.warehouse_id
        where ${state === undefined ? sql`true` : sql`shipment.state = ${state}`}
          and ${warehouseId === undefined ? sql`true` : sql`shipment.warehouse_id = ${warehouseId}`}
          and ${
            orderId === undefined
              ? sql`true`
              : sql`shipment.id = any(array(select shipment_id from shipment_lines where order_id = ${orderId}))
            and exists (
              select from shipment_lines where shipment_id = shipment.id and order_id = ${orderId} and ${counts}
            )`
          }
          and ${after === null ? sql`true` : sql`(shipment.created_at, shipment.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
        order by shipment.created_at desc, shipment.id desc
        limit ${page.limit + 1}`,
  );
  const cut = toPage(found, page.limit, (item) => [item.createdAtText, item.shipmentId]);
  return { ...cut, items: cut.items.map(({ createdAtText: _, ...item }) => item) };
}

export async function getShipment(db: AnyDb, shipmentId: ShipmentId): Promise<ShipmentDetail | null> {
  return firstRow<ShipmentDetail>(
    db,
    sql`select ${columns}, shipment.reasons,
          coalesce((
            select jsonb_agg(jsonb_build_object('shipmentLineId', line.id, 'orderId', line.order_id, 'partId', line.part_id,
              'skuId', line.sku_id, 'skuCode', sku.code, 'quantity', line.quantity) order by line.id)
            from shipment_lines line join skus sku on sku.id = line.sku_id where line.shipment_id = shipment.id and ${counts}
          ), '[]'::jsonb) as lines
        from shipments shipment join warehouses warehouse on warehouse.id = shipment.warehouse_id
        where shipment.id = ${shipmentId}`,
  );
}

/** Shipments by the numbers that people type. A number that names none is missing from the map. */
export async function findShipmentIds(db: AnyDb, numbers: readonly number[]): Promise<Map<number, ShipmentId>> {
  const found = await rows<{ number: number; shipmentId: ShipmentId }>(
    db,
    sql`select number, id as "shipmentId" from shipments where number = any(${list('int8', numbers)})`,
  );
  return new Map(found.map(({ number, shipmentId }) => [number, shipmentId]));
}
