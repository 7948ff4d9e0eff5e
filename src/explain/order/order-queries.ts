import { sql } from 'drizzle-orm';
import type { OrderId, ShopId, SkuId, WarehouseId } from '../../kernel/index.ts';
import { list, rows, type AnyDb } from '../../platform/db/index.ts';
import type {
  DocumentFact,
  ExpectedFact,
  HolderFact,
  HoldFact,
  ParcelFact,
  QueueFact,
  WriteFact,
} from './order-facts.ts';

/** Documents looked at, the newest first: an order that is read every few minutes must not flood its story. */
const documentsMax = 200;

/** Who has the goods that an order waits for is told one by one up to here, the most urgent first. */
const holdersPerSkuMax = 5;

const expectedPerOrderMax = 20;

export function readHolds(db: AnyDb, orderId: OrderId): Promise<HoldFact[]> {
  return rows<HoldFact>(
    db,
    sql`select kind, cause, placed_at as "placedAt", released_at as "releasedAt" from order_holds
        where order_id = ${orderId} order by placed_at, id`,
  );
}

export async function readDocuments(
  db: AnyDb,
  order: { readonly orderId: OrderId; readonly shopId: ShopId; readonly externalId: string },
): Promise<DocumentFact[]> {
  return rows<DocumentFact>(
    db,
    sql`select event.source, event.state, event.received_at as "receivedAt", event.read_started_at as "readStartedAt",
               version.version
        from (
          select * from inbox_events
          where shop_id = ${order.shopId} and external_id = ${order.externalId} and topic = 'order'
          order by received_at desc limit ${documentsMax}
        ) event
        left join order_versions version on version.order_id = ${order.orderId} and version.inbox_event_id = event.id
        order by event.received_at, event.id`,
  );
}

export function readParcels(db: AnyDb, orderId: OrderId): Promise<ParcelFact[]> {
  return rows<ParcelFact>(
    db,
    sql`select shipment.id as "shipmentId", shipment.number, shipment.warehouse_id as "warehouseId", shipment.state,
               shipment.shipped_at as "shippedAt",
               coalesce((
                 select jsonb_agg(jsonb_build_object('partId', line.part_id, 'skuId', line.sku_id, 'quantity', line.quantity)
                   order by line.id)
                 from shipment_lines line
                 where line.shipment_id = shipment.id and line.order_id = ${orderId} and line.quantity > 0
               ), '[]'::jsonb) as lines,
               coalesce((
                 select jsonb_agg(distinct other.number) from shipment_lines line join orders other on other.id = line.order_id
                 where line.shipment_id = shipment.id and line.order_id <> ${orderId} and line.quantity > 0
               ), '[]'::jsonb) as "otherOrders"
        from shipments shipment
        where shipment.id in (select shipment_id from shipment_lines where order_id = ${orderId})
        order by shipment.number`,
  );
}

export function readWrites(db: AnyDb, orderId: OrderId): Promise<WriteFact[]> {
  return rows<WriteFact>(
    db,
    sql`select 'package' as kind, shipment.number as parcel,
               case when told.state = 'announced' then 'done' else told.state end as state,
               told.state <> 'announced' or told.external_id is not null as "wasSent", told.cause,
               told.created_at as "createdAt", told.sent_at as "sentAt", told.due_at as "dueAt",
               told.announced_at as "finishedAt"
        from announcements told join shipments shipment on shipment.id = told.shipment_id
        where told.order_id = ${orderId}
        union all
        select kind, null, state, true, cause, created_at, sent_at, due_at, finished_at
        from channel_requests where order_id = ${orderId}
        order by "createdAt", parcel`,
  );
}

/** Open demand that goes before that of the order, by SKU: of other orders that may be served from the same warehouses. */
export function readQueue(db: AnyDb, orderId: OrderId, warehouseIds: readonly WarehouseId[]): Promise<QueueFact[]> {
  const rank = (table: string) =>
    sql.raw(
      ['-X.priority', "coalesce(X.ship_by, 'infinity')", "coalesce(X.paid_at, 'infinity')", 'X.placed_at', 'X.order_id']
        .join(', ')
        .replaceAll('X', table),
    );
  return rows<QueueFact>(
    db,
    sql`select mine.sku_id as "skuId", count(distinct other.order_id) as orders, sum(other.quantity)::int8 as units
        from (select distinct on (sku_id) * from stock_demand where order_id = ${orderId} and quantity > 0) mine
        join stock_demand other on other.sku_id = mine.sku_id and other.quantity > 0 and not other.is_held
          and other.order_id <> mine.order_id and (${rank('other')}) < (${rank('mine')})
          and other.shop_id in (select shop_id from shop_warehouses where warehouse_id = any(${list('uuid', warehouseIds)}))
        group by mine.sku_id`,
  );
}

/** For whom units of these SKUs are reserved, the most urgent first, a few a SKU and how many there are in all. */
export function readHolders(
  db: AnyDb,
  orderId: OrderId,
  skuIds: readonly SkuId[],
  warehouseIds: readonly WarehouseId[],
): Promise<HolderFact[]> {
  return rows<HolderFact>(
    db,
    sql`with held as (
          select reservation.sku_id, holder.number as order_number, reservation.warehouse_id, reservation.quantity,
                 shipment.number as parcel, shipment.state,
                 row_number() over urgency as place,
                 dense_rank() over (partition by reservation.sku_id order by holder.id)
                   + dense_rank() over (partition by reservation.sku_id order by holder.id desc) - 1 as all_orders,
                 sum(reservation.quantity) over (partition by reservation.sku_id)::int8 as all_units
          from reservations reservation
          join shipment_lines line on line.id = reservation.shipment_line_id and line.order_id <> ${orderId}
          join shipments shipment on shipment.id = line.shipment_id
          join orders holder on holder.id = line.order_id
          join stock_demand demand on demand.part_id = reservation.part_id
          where reservation.state = 'open' and reservation.sku_id = any(${list('uuid', skuIds)})
            and reservation.warehouse_id = any(${list('uuid', warehouseIds)})
          window urgency as (
            partition by reservation.sku_id
            order by demand.priority desc, demand.ship_by, demand.paid_at, demand.placed_at, demand.order_id, shipment.number
          )
        )
        select sku_id as "skuId", order_number as "order", warehouse_id as "warehouseId", quantity, parcel, state,
               all_orders as "allOrders", all_units as "allUnits"
        from held where place <= ${holdersPerSkuMax} order by sku_id, place`,
  );
}

export function readExpected(
  db: AnyDb,
  skuIds: readonly SkuId[],
  warehouseIds: readonly WarehouseId[],
): Promise<ExpectedFact[]> {
  return rows<ExpectedFact>(
    db,
    sql`select sku_id as "skuId", warehouse_id as "warehouseId", quantity - received_quantity as quantity,
               expected_at as "expectedAt"
        from expected_receipts
        where sku_id = any(${list('uuid', skuIds)}) and warehouse_id = any(${list('uuid', warehouseIds)})
          and received_quantity < quantity
        order by expected_at, id limit ${expectedPerOrderMax}`,
  );
}

/** Orders that the channel made by splitting this one. */
export function readPartOrders(
  db: AnyDb,
  shopId: ShopId,
  externalId: string,
): Promise<{ orderId: OrderId; number: number }[]> {
  return rows(
    db,
    sql`select id as "orderId", number from orders
        where shop_id = ${shopId} and part_of_external_id = ${externalId} order by number limit 50`,
  );
}

/** Names of API tokens, also of revoked ones: they say who did something. */
export async function readTokenNames(db: AnyDb, tokenIds: readonly string[]): Promise<Map<string, string>> {
  if (tokenIds.length === 0) return new Map();
  const found = await rows<{ id: string; name: string }>(
    db,
    sql`select id, name from api_tokens where id = any(${list('uuid', tokenIds)})`,
  );
  return new Map(found.map(({ id, name }) => [id, name]));
}
