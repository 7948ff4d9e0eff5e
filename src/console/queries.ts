import { sql } from 'drizzle-orm';
import type { ShipmentState } from '../fulfilment/index.ts';
import type { OrderId, ShopId, SkuId, WarehouseId } from '../kernel/index.ts';
import type { HoldKind, OrderItem } from '../orders/index.ts';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';

export type BoardOrder = {
  readonly orderId: OrderId;
  readonly number: number;
  readonly externalNumber: string;
  readonly shopName: string;
  readonly placedAt: Date;
  readonly currency: string;
  readonly totalMinor: number;
  readonly refundedMinor: number;
  readonly paymentState: OrderItem['paymentState'];
  readonly fulfilmentState: OrderItem['fulfilmentState'];
  readonly cancelledAt: Date | null;
  readonly isSuperseded: boolean;
  readonly holds: readonly HoldKind[];
  /** Masked when it was stored; null where the channel gave none. */
  readonly receiver: { readonly name: string; readonly city: string; readonly countryCode: string } | null;
  readonly parcels: readonly { readonly number: number; readonly state: ShipmentState; readonly warehouse: string }[];
};

/** The newest orders by the channel's time, with who gets them (masked), what holds them and their parcels. */
export async function readNewestOrders(db: AnyDb, limit: number): Promise<BoardOrder[]> {
  return rows<BoardOrder>(
    db,
    sql`select o.id as "orderId", o.number, o.external_number as "externalNumber", shop.name as "shopName",
          o.placed_at as "placedAt", o.currency, o.total_minor as "totalMinor", o.refunded_minor as "refundedMinor",
          o.payment_state as "paymentState", o.fulfilment_state as "fulfilmentState", o.cancelled_at as "cancelledAt",
          o.superseded_by is not null as "isSuperseded",
          array(select hold.kind from order_holds hold where hold.order_id = o.id and hold.released_at is null order by hold.kind) as holds,
          (select jsonb_build_object('name', r.masked->>'name', 'city', r.masked->>'city', 'countryCode', r.masked->>'countryCode')
           from order_receivers r where r.order_id = o.id and r.erased_at is null) as receiver,
          coalesce((
            select jsonb_agg(jsonb_build_object('number', shipment.number, 'state', shipment.state, 'warehouse', warehouse.code)
              order by shipment.number)
            from shipments shipment join warehouses warehouse on warehouse.id = shipment.warehouse_id
            where shipment.id in (select line.shipment_id from shipment_lines line where line.order_id = o.id)
          ), '[]'::jsonb) as parcels
        from (select * from orders order by placed_at desc, id desc limit ${limit}) o
        join shops shop on shop.id = o.shop_id
        order by o.placed_at desc, o.id desc`,
  );
}

/** The planner's reasons of the newest parcel, whose JSON is not trusted to have today's shape. */
export async function readNewestReasons(
  db: AnyDb,
): Promise<{ readonly number: number; readonly reasons: unknown } | null> {
  return firstRow(
    db,
    sql`select o.number, shipment.reasons
        from (select id, reasons from shipments order by created_at desc, id desc limit 1) shipment
        join shipment_lines line on line.shipment_id = shipment.id
        join orders o on o.id = line.order_id
        order by o.number desc limit 1`,
  );
}

export type BoardStock = {
  readonly skuId: SkuId;
  readonly code: string;
  readonly title: string;
  readonly levels: readonly { readonly warehouseId: WarehouseId; readonly onHand: number; readonly reserved: number }[];
  /** Sold units that nothing is reserved for. */
  readonly demand: number;
  readonly told: readonly {
    readonly shopName: string;
    readonly units: number | null;
    readonly isPending: boolean;
    readonly failures: number;
    readonly seen: number | null;
  }[];
};

const listingsPerSkuMax = 12;

/** SKUs by code with their levels and what each shop was told. */
export async function readStock(db: AnyDb, limit: number): Promise<BoardStock[]> {
  return rows<BoardStock>(
    db,
    sql`select sku.id as "skuId", sku.code, sku.title,
          coalesce((
            select jsonb_agg(jsonb_build_object('warehouseId', warehouse_id, 'onHand', on_hand, 'reserved', reserved))
            from stock_levels where sku_id = sku.id
          ), '[]'::jsonb) as levels,
          coalesce((select sum(quantity) from stock_demand where sku_id = sku.id and quantity > 0), 0)::int8 as demand,
          coalesce((
            select jsonb_agg(jsonb_build_object('shopName', told.name, 'units', told.told_quantity, 'isPending', told.is_pending,
              'failures', told.push_failures, 'seen', told.seen_quantity) order by told.name, told.id)
            from (
              select listing.id, shop.name, listing.told_quantity, listing.push_failures, listing.seen_quantity,
                listing.told_version is null or listing.told_version < listing.wanted_version as is_pending
              from listings listing join shops shop on shop.id = listing.shop_id and shop.state <> 'removed'
              where listing.sku_id = sku.id and listing.tracks_stock and listing.is_active
              order by shop.name, listing.id limit ${listingsPerSkuMax}
            ) told
          ), '[]'::jsonb) as told
        from (select id, code, title from skus order by code limit ${limit}) sku
        order by sku.code`,
  );
}

export type BoardShop = {
  readonly shopId: ShopId;
  readonly name: string;
  readonly channel: string;
  readonly state: 'active' | 'paused' | 'removed';
  readonly pushesStock: boolean;
  readonly lastCallAt: Date | null;
  readonly lastOrderAt: Date | null;
  readonly lastStockAt: Date | null;
  readonly lastTrackingAt: Date | null;
  readonly failures: number;
  readonly lastFault: string | null;
  readonly lastFaultAt: Date | null;
  readonly pausedUntil: Date | null;
};

/** Shops that are not removed, in the order they were connected, with their health. */
export async function readShops(db: AnyDb, limit: number): Promise<BoardShop[]> {
  return rows<BoardShop>(
    db,
    sql`select shop.id as "shopId", shop.name, shop.channel, shop.state, shop.pushes_stock as "pushesStock",
          health.last_call_at as "lastCallAt", health.last_order_at as "lastOrderAt", health.last_stock_at as "lastStockAt",
          health.last_tracking_at as "lastTrackingAt", coalesce(health.failures, 0) as failures,
          health.last_fault as "lastFault", health.last_fault_at as "lastFaultAt", health.paused_until as "pausedUntil"
        from shops shop left join shop_health health on health.shop_id = shop.id
        where shop.state <> 'removed' order by shop.created_at, shop.id limit ${limit}`,
  );
}

export type BoardWork = {
  readonly inboxPending: number;
  readonly inboxOldestAt: Date | null;
  readonly inboxParked: number;
  readonly dueDemand: number;
  readonly listingsToTell: number;
  readonly listingsUnmapped: number;
  readonly dueParcels: number;
  readonly dueRequests: number;
};

/** Above this a backlog is shown as "10000": no count may cost more than that. */
export const countMax = 10_000;

/** Rows that wait for a lane. Each count walks a partial index of the waiting rows only, `countMax` at most. */
export async function readWork(db: AnyDb): Promise<BoardWork> {
  const found = await firstRow<BoardWork>(
    db,
    sql`select
          (select count(*) from (select from inbox_events where state = 'pending' limit ${countMax}) t) as "inboxPending",
          (select min(received_at) from (select received_at from inbox_events where state = 'pending' limit ${countMax}) t) as "inboxOldestAt",
          (select count(*) from (select from inbox_events where state = 'parked' limit ${countMax}) t) as "inboxParked",
          (select count(*) from (select from stock_demand where is_due and not is_held and quantity > 0 limit ${countMax}) t) as "dueDemand",
          (select count(*) from (select from listings l
             join shops s on s.id = l.shop_id and s.pushes_stock and s.state = 'active'
             where l.sku_id is not null and l.tracks_stock and l.is_active
               and (l.told_version is null or l.told_version < l.wanted_version) limit ${countMax}) t) as "listingsToTell",
          (select count(*) from (select from listings l
             join shops s on s.id = l.shop_id and s.state <> 'removed'
             where l.sku_id is null and l.is_active limit ${countMax}) t) as "listingsUnmapped",
          (select count(*) from (select from announcements where state in ('due', 'sending', 'unknown') limit ${countMax}) t) as "dueParcels",
          (select count(*) from (select from channel_requests where state in ('due', 'sending', 'unknown') limit ${countMax}) t) as "dueRequests"`,
  );
  if (found === null) throw new Error('a select without a table always has a row');
  return found;
}

export type BoardCounts = {
  readonly orders: number;
  readonly held: number;
  readonly parcels: number;
  readonly exceptions: number;
};

/** The numbers on top: orders since, orders on hold, parcels that have not left, exceptions that are open. */
export async function readCounts(db: AnyDb, since: Date): Promise<BoardCounts> {
  const found = await firstRow<BoardCounts>(
    db,
    sql`select
          (select count(*) from (select from orders where placed_at >= ${since} limit ${countMax}) t) as orders,
          (select count(*) from (select distinct order_id from order_holds where released_at is null limit ${countMax}) t) as held,
          (select count(*) from (select from shipments where state not in ('shipped', 'cancelled') limit ${countMax}) t) as parcels,
          (select count(*) from (select from exceptions where closed_at is null limit ${countMax}) t) as exceptions`,
  );
  if (found === null) throw new Error('a select without a table always has a row');
  return found;
}
