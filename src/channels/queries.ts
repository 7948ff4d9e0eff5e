import { sql } from 'drizzle-orm';
import {
  decodeCursor,
  Fault,
  toPage,
  type Page,
  type PageRequest,
  type ShopId,
  type WarehouseId,
} from '../kernel/index.ts';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';
import type { ShopState } from './shop-states.ts';

export type ShopRow = {
  readonly shopId: ShopId;
  readonly channel: string;
  readonly name: string;
  readonly state: ShopState;
  /** The connector's settings less its credentials. */
  readonly settings: unknown;
  readonly webhookKey: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly claimsAt: 'placed' | 'paid';
  readonly pushesStock: boolean;
  readonly ordersSince: Date;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly removedAt: Date | null;
};

/** Of `shops s`, all but the credentials and the data key. */
export const shopColumns = sql`s.id as "shopId", s.channel, s.name, s.state, s.settings, s.webhook_key as "webhookKey",
  s.currency, s.time_zone as "timeZone", s.claims_at as "claimsAt", s.pushes_stock as "pushesStock",
  s.orders_since as "ordersSince", s.version, s.created_at as "createdAt", s.updated_at as "updatedAt",
  s.removed_at as "removedAt"`;

/** Throws Fault `shop.unknown`. */
export async function getShop(db: AnyDb, shopId: ShopId): Promise<ShopRow> {
  const shop = await firstRow<ShopRow>(db, sql`select ${shopColumns} from shops s where s.id = ${shopId}`);
  if (shop === null) throw new Fault('not_found', 'shop.unknown', { data: { shopId } });
  return shop;
}

/** Shops in the order they were connected; removed ones only where asked for. */
export async function listShops(
  db: AnyDb,
  page: PageRequest & { readonly withRemoved?: boolean },
): Promise<Page<ShopRow>> {
  const [at, id] = page.after === null ? [null, null] : decodeCursor(page.after, 2);
  const found = await rows<ShopRow & { key: string }>(
    db,
    sql`select ${shopColumns}, s.created_at::text as key from shops s
        where (${id}::uuid is null or (s.created_at, s.id) > (${at}::timestamptz, ${id}::uuid))
          and (${page.withRemoved ?? false}::bool or s.state <> 'removed')
        order by s.created_at, s.id limit ${page.limit + 1}`,
  );
  const { items, next } = toPage(found, page.limit, (row) => [row.key, row.shopId]);
  return { items: items.map(({ key: _key, ...shop }) => shop), next };
}

export type ShopHealth = {
  readonly shopId: ShopId;
  readonly lastCallAt: Date | null;
  readonly lastOrderAt: Date | null;
  readonly lastStockAt: Date | null;
  readonly lastTrackingAt: Date | null;
  /** Consecutive ones that concern the shop as a whole. */
  readonly failures: number;
  readonly lastFault: string | null;
  readonly lastFaultAt: Date | null;
  readonly pausedUntil: Date | null;
};

/** Throws Fault `shop.unknown`. */
export async function readHealth(db: AnyDb, shopId: ShopId): Promise<ShopHealth> {
  const health = await firstRow<ShopHealth>(
    db,
    sql`select shop_id as "shopId", last_call_at as "lastCallAt", last_order_at as "lastOrderAt",
               last_stock_at as "lastStockAt", last_tracking_at as "lastTrackingAt", failures, last_fault as "lastFault",
               last_fault_at as "lastFaultAt", paused_until as "pausedUntil"
        from shop_health where shop_id = ${shopId}`,
  );
  if (health === null) throw new Fault('not_found', 'shop.unknown', { data: { shopId } });
  return health;
}

/** Whether the lane may call the channel now: the shop is active, and no back-off or open breaker stands in the way. */
export function isCallable(shop: ShopRow, health: ShopHealth, now: Date): boolean {
  return shop.state === 'active' && (health.pausedUntil === null || health.pausedUntil <= now);
}

export type ShopLocation = {
  readonly externalId: string;
  readonly name: string;
  readonly warehouseId: WarehouseId | null;
  /** Numbers are spread over the locations in this order. */
  readonly rank: number;
};

/** A shop's locations by rank. */
export async function listLocations(db: AnyDb, shopId: ShopId): Promise<ShopLocation[]> {
  return rows<ShopLocation>(
    db,
    sql`select external_id as "externalId", name, warehouse_id as "warehouseId", rank from shop_locations
        where shop_id = ${shopId} order by rank, external_id`,
  );
}
