import { sql } from 'drizzle-orm';
import type { ListingId, OrderId, OrderLineId, ShopId, SkuId, WarehouseId } from '../kernel/index.ts';
import { list, rows, type AnyDb } from '../platform/db/index.ts';
import type { ShippedPart } from './announced-lines.ts';

export type ShippedPartRow = ShippedPart & { readonly announcementId: string };

/** Every part of the lines that have goods in these shipments, with what was announced before, in SKU units. */
export function findShippedParts(db: AnyDb, announcementIds: readonly string[]): Promise<ShippedPartRow[]> {
  return rows<ShippedPartRow>(
    db,
    sql`select a.id as "announcementId", l.id as "orderLineId", l.external_id as "lineExternalId",
               p.units_per_line as "unitsPerLine",
               coalesce(sum(sl.quantity) filter (where sl.shipment_id = a.shipment_id), 0)::int8 as "units",
               coalesce(sum(sl.quantity) filter (where b.state = 'announced' or b.lines is not null), 0)::int8 as "unitsBefore"
        from announcements a
        join order_lines l on l.order_id = a.order_id
        join order_line_parts p on p.order_line_id = l.id
        left join shipment_lines sl on sl.part_id = p.id
        left join announcements b on b.shipment_id = sl.shipment_id and b.order_id = a.order_id and b.id <> a.id
        where a.id = any(${list('uuid', announcementIds)})
          and exists (select 1 from order_line_parts q join shipment_lines m on m.part_id = q.id
                      where q.order_line_id = l.id and m.shipment_id = a.shipment_id)
        group by a.id, l.id, p.id
        order by a.id, l.id, p.id`,
  );
}

/**
 * Listing units of orders whose announcement is on its way or unknown: the channel may already have stopped subtracting
 * them, so they are not added back until it is known (an `on_hand` number errs on the low side, never on the high).
 */
export async function findUnitsInFlight(db: AnyDb, listingIds: readonly ListingId[]): Promise<Map<ListingId, number>> {
  const found = await rows<{ listingId: ListingId; units: number }>(
    db,
    sql`select l.listing_id as "listingId", sum(ceil(sl.quantity::numeric / p.units_per_line))::int8 as units
        from announcements a
        join shipment_lines sl on sl.shipment_id = a.shipment_id and sl.order_id = a.order_id
        join order_line_parts p on p.id = sl.part_id
        join order_lines l on l.id = p.order_line_id
        where a.state in ('sending', 'unknown') and l.listing_id = any(${list('uuid', listingIds)})
        group by l.listing_id`,
  );
  return new Map(found.map((row) => [row.listingId, row.units]));
}

export type FreeStock = { readonly skuId: SkuId; readonly warehouseId: WarehouseId; readonly free: number };

export function findFreeStock(
  db: AnyDb,
  skuIds: readonly SkuId[],
  warehouseIds: readonly WarehouseId[],
): Promise<FreeStock[]> {
  return rows<FreeStock>(
    db,
    sql`select sku_id as "skuId", warehouse_id as "warehouseId", on_hand - reserved as free from stock_levels
        where sku_id = any(${list('uuid', skuIds)}) and warehouse_id = any(${list('uuid', warehouseIds)})`,
  );
}

export type ListingToReadBack = { readonly id: ListingId; readonly externalId: string };

/** Told listings whose last answer is older than what was told, or older than `refreshBefore`; the longest unseen first. */
export function findListingsToReadBack(
  db: AnyDb,
  shopId: ShopId,
  refreshBefore: Date,
  limit: number,
): Promise<ListingToReadBack[]> {
  return rows<ListingToReadBack>(
    db,
    sql`select id, external_id as "externalId" from listings
        where shop_id = ${shopId} and sku_id is not null and tracks_stock and is_active and told_version is not null
          and (seen_at is null or seen_at < told_at or seen_at < ${refreshBefore})
        order by seen_at nulls first, id limit ${limit}`,
  );
}

export type AnnouncementRow = {
  readonly id: string;
  readonly shipmentId: string;
  readonly orderId: OrderId;
  readonly state: 'due' | 'sending' | 'unknown' | 'announced' | 'refused';
  readonly externalId: string | null;
  readonly attempts: number;
  readonly cause: unknown;
  readonly announcedAt: Date | null;
};

export function findAnnouncements(db: AnyDb, orderId: OrderId): Promise<AnnouncementRow[]> {
  return rows<AnnouncementRow>(
    db,
    sql`select id, shipment_id as "shipmentId", order_id as "orderId", state, external_id as "externalId", attempts, cause,
               announced_at as "announcedAt"
        from announcements where order_id = ${orderId} order by created_at, id limit 200`,
  );
}

export type ChannelRequestRow = {
  readonly id: string;
  readonly kind: 'cancel' | 'refund';
  readonly state: 'due' | 'sending' | 'unknown' | 'done' | 'refused';
  readonly lines: readonly { readonly orderLineId: OrderLineId; readonly quantity: number }[] | null;
  readonly amountMinor: number | null;
  readonly reason: string;
  readonly externalId: string | null;
  readonly cause: unknown;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
};

export function findChannelRequests(db: AnyDb, orderId: OrderId): Promise<ChannelRequestRow[]> {
  return rows<ChannelRequestRow>(
    db,
    sql`select id, kind, state, lines, amount_minor as "amountMinor", reason, external_id as "externalId", cause,
               created_at as "createdAt", finished_at as "finishedAt"
        from channel_requests where order_id = ${orderId} order by created_at, id limit 200`,
  );
}

export type RefundAnswerRow = {
  readonly requestId: string;
  readonly orderId: OrderId;
  readonly state: 'made' | 'refused';
  readonly externalId: string | null;
  readonly cause: unknown;
};

/** Refunds asked for these orders that the channel has answered: it made them, or refused. */
export function findRefundAnswers(db: AnyDb, orderIds: readonly OrderId[]): Promise<RefundAnswerRow[]> {
  return rows<RefundAnswerRow>(
    db,
    sql`select id as "requestId", order_id as "orderId", case state when 'done' then 'made' else 'refused' end as state,
               external_id as "externalId", cause
        from channel_requests
        where order_id = any(${list('uuid', orderIds)}) and kind = 'refund' and state in ('done', 'refused')
        order by created_at, id`,
  );
}

/** Shops with a cancel, refund or package that is due, a number to tell, or a told one to read back: what the lane must look at. */
export async function findShopsWithDueWrites(db: AnyDb, now: Date, only: ShopId | null = null): Promise<ShopId[]> {
  const found = await rows<{ shopId: ShopId }>(
    db,
    sql`select s.id as "shopId" from shops s
        join shop_health h on h.shop_id = s.id and (h.paused_until is null or h.paused_until <= ${now})
        where s.state = 'active' and (${only}::uuid is null or s.id = ${only}::uuid) and (
          exists (select 1 from announcements a where a.shop_id = s.id and a.state in ('due', 'sending', 'unknown') and a.due_at <= ${now})
          or exists (select 1 from channel_requests r where r.shop_id = s.id and r.state in ('due', 'sending', 'unknown') and r.due_at <= ${now})
          or (s.pushes_stock and exists (
            select 1 from listings l where l.shop_id = s.id and l.sku_id is not null and l.tracks_stock and l.is_active
              and (l.told_version is null or l.told_version < l.wanted_version) and (l.push_due_at is null or l.push_due_at <= ${now} or l.wanted_version > l.push_version)))
          or (s.pushes_stock and exists (
            select 1 from listings l where l.shop_id = s.id and l.sku_id is not null and l.tracks_stock and l.is_active
              and l.told_version is not null and (l.seen_at is null or l.seen_at < l.told_at)))
        ) order by s.id`,
  );
  return found.map((row) => row.shopId);
}
