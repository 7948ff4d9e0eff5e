import { sql, type SQL } from 'drizzle-orm';
import {
  decodeCursor,
  toPage,
  type ListingId,
  type OrderId,
  type Page,
  type PageRequest,
  type ShopId,
  type SkuId,
} from '../kernel/index.ts';
import { firstRow, list, rows, type AnyDb } from '../platform/db/index.ts';
import { mappedWaitingLines } from './map-waiting-lines.ts';
import type { HoldKind } from './place-holds.ts';
import type { PaymentState } from './rows.ts';

export type OrderItem = {
  readonly orderId: OrderId;
  readonly number: number;
  readonly shopId: ShopId;
  readonly externalId: string;
  readonly externalNumber: string;
  readonly placedAt: Date;
  readonly currency: string;
  readonly totalMinor: number;
  readonly paymentState: PaymentState;
  readonly fulfilmentState: 'open' | 'partly_shipped' | 'shipped';
  readonly cancelledAt: Date | null;
  readonly supersededBy: OrderId | null;
  readonly shipBy: Date | null;
  readonly refundedMinor: number;
  /** Those that stand. */
  readonly holds: readonly HoldKind[];
};

/** Of `orders o`. */
export const itemColumns = sql`o.id as "orderId", o.number, o.shop_id as "shopId", o.external_id as "externalId",
  o.external_number as "externalNumber", o.placed_at as "placedAt", o.currency, o.total_minor as "totalMinor",
  o.payment_state as "paymentState", o.fulfilment_state as "fulfilmentState", o.cancelled_at as "cancelledAt",
  o.superseded_by as "supersededBy", o.ship_by as "shipBy", o.refunded_minor as "refundedMinor",
  array(select h.kind from order_holds h where h.order_id = o.id and h.released_at is null order by h.kind) as holds`;

export type OrderFilters = {
  readonly shopId: ShopId | null;
  readonly paymentState: PaymentState | null;
  readonly fulfilmentState: OrderItem['fulfilmentState'] | null;
  readonly hold: HoldKind | null;
  readonly isCancelled: boolean | null;
};

const noFilters: OrderFilters = {
  shopId: null,
  paymentState: null,
  fulfilmentState: null,
  hold: null,
  isCancelled: null,
};

/** Newest first by the channel's time. */
export async function listOrders(
  db: AnyDb,
  page: PageRequest,
  filters: OrderFilters = noFilters,
): Promise<Page<OrderItem>> {
  const [at, id] = page.after === null ? [null, null] : decodeCursor(page.after, 2);
  const conditions = [...statesOf(filters), ...othersOf(filters)];
  if (id !== null) conditions.push(sql`(o.placed_at, o.id) < (${at}::timestamptz, ${id}::uuid)`);
  const found = await rows<OrderItem & { key: string }>(
    db,
    sql`select ${itemColumns}, o.placed_at::text as key from orders o
        where ${sql.join([sql`true`, ...conditions], sql` and `)}
        order by o.placed_at desc, o.id desc limit ${page.limit + 1}`,
  );
  const { items, next } = toPage(found, page.limit, (row) => [row.key, row.orderId]);
  return { items: items.map(({ key: _key, ...item }) => item), next };
}

/** What is few is said by the condition of its index too: no index is found by a parameter. */
function statesOf({ paymentState, fulfilmentState, isCancelled }: OrderFilters): SQL[] {
  const conditions: SQL[] = [];
  if (paymentState !== null) conditions.push(sql`o.payment_state = ${paymentState}`);
  if (paymentState !== null && paymentState !== 'paid') conditions.push(sql`o.payment_state <> 'paid'`);
  if (fulfilmentState !== null) conditions.push(sql`o.fulfilment_state = ${fulfilmentState}`);
  if (isCancelled === true) conditions.push(sql`o.cancelled_at is not null`);
  if (isCancelled !== false) return conditions;
  if (fulfilmentState !== null && fulfilmentState !== 'shipped') conditions.push(sql`o.fulfilment_state <> 'shipped'`);
  return [...conditions, sql`o.cancelled_at is null`];
}

function othersOf({ shopId, hold }: OrderFilters): SQL[] {
  const conditions: SQL[] = [];
  if (shopId !== null) conditions.push(sql`o.shop_id = ${shopId}`);
  if (hold !== null) {
    conditions.push(
      sql`exists (select from order_holds h where h.order_id = o.id and h.released_at is null and h.kind = ${hold})`,
    );
  }
  return conditions;
}

/** By our number or by the number the buyer knows, which several shops may share. */
export async function findOrder(db: AnyDb, number: string): Promise<OrderItem[]> {
  const own = /^\d{1,15}$/.test(number) ? Number(number) : null;
  return rows<OrderItem>(
    db,
    sql`select ${itemColumns} from orders o
        where o.number = ${own}::int8 or o.external_number = ${number}
        order by o.placed_at desc, o.id desc limit 50`,
  );
}

/**
 * Units of these listings that the channel itself still subtracts: sold on this shop, neither cancelled nor shown as
 * fulfilled. What an `on_hand` channel must be told on top of what is saleable (DESIGN §1.7).
 */
export async function openOnChannelUnits(db: AnyDb, listingIds: readonly ListingId[]): Promise<Map<ListingId, number>> {
  const found = await rows<{ listingId: ListingId; units: number }>(
    db,
    sql`select l.listing_id as "listingId", sum(l.quantity - l.cancelled_quantity - l.channel_fulfilled_quantity)::int8 as units
        from order_lines l
        join orders o on o.id = l.order_id and o.superseded_by is null
        join shops s on s.id = o.shop_id and (s.claims_at = 'placed' or o.payment_state <> 'unpaid')
        where l.listing_id = any(${list('uuid', listingIds)}) and l.fulfilled_by = 'seller'
          and l.quantity > l.cancelled_quantity + l.channel_fulfilled_quantity
        group by l.listing_id`,
  );
  return new Map(found.map((row) => [row.listingId, row.units]));
}

/** Orders the channel may still change and that were last read before `before`, the oldest read first. */
export async function findOrdersToReread(db: AnyDb, shopId: ShopId, before: Date, limit: number): Promise<string[]> {
  const found = await rows<{ externalId: string }>(
    db,
    sql`select external_id as "externalId" from orders
        where shop_id = ${shopId} and not is_closed_on_channel and read_started_at < ${before}
        order by read_started_at, id limit ${limit}`,
  );
  return found.map((row) => row.externalId);
}

export async function findExternalIds(db: AnyDb, orderIds: readonly OrderId[]): Promise<string[]> {
  const found = await rows<{ externalId: string }>(
    db,
    sql`select external_id as "externalId" from orders where id = any(${list('uuid', orderIds)}) order by id`,
  );
  return found.map((row) => row.externalId);
}

/** Orders that the channel made by splitting others: the first of each, by the external id of the order it split. */
export async function findPartOrders(
  db: AnyDb,
  shopId: ShopId,
  externalIds: readonly string[],
): Promise<Map<string, OrderId>> {
  const found = await rows<{ parent: string; id: OrderId }>(
    db,
    sql`select distinct on (part_of_external_id) part_of_external_id as parent, id from orders
        where shop_id = ${shopId} and part_of_external_id = any(${list('text', externalIds)}) and part_of_external_id is not null
        order by part_of_external_id, id`,
  );
  return new Map(found.map((row) => [row.parent, row.id]));
}

/** SKU units as sold of the orders that the channel split these into, by the external id of the whole. */
export async function findPartUnits(
  db: AnyDb,
  shopId: ShopId,
  externalIds: readonly string[],
): Promise<{ readonly whole: string; readonly skuId: SkuId; readonly units: number }[]> {
  return rows(
    db,
    sql`select o.part_of_external_id as whole, p.sku_id as "skuId", sum(p.ordered)::int8 as units
        from orders o join order_line_parts p on p.order_id = o.id
        where o.shop_id = ${shopId} and o.part_of_external_id = any(${list('text', externalIds)}) and o.part_of_external_id is not null
        group by o.part_of_external_id, p.sku_id`,
  );
}

/** How many orders of a shop were placed since. */
export async function countOrdersSince(db: AnyDb, shopId: ShopId, since: Date): Promise<number> {
  const found = await firstRow<{ count: number }>(
    db,
    sql`select count(*) from orders where shop_id = ${shopId} and placed_at >= ${since}`,
  );
  return found?.count ?? 0;
}

/** Whether the mapping lane has work. */
export async function hasWaitingMappedLines(db: AnyDb): Promise<boolean> {
  return (await firstRow(db, sql`select 1 from ${mappedWaitingLines} limit 1`)) !== null;
}
