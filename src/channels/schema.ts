import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { skus } from '../catalog/schema.ts';
import { at, bytes, keyText } from '../platform/db/columns.ts';

/** A seller's account on a channel. Credentials stand only in `secrets`, under the shop's own data key. */
export const shops = pgTable(
  'shops',
  {
    id: uuid('id').primaryKey(),
    channel: keyText('channel').notNull(),
    name: text('name').notNull(),
    state: text('state').notNull().default('active'),
    /** The connector's settings less its credentials. */
    settings: jsonb('settings').notNull(),
    /** The connector's credentials as JSON, sealed by the data key with the shop id as associated data. */
    secrets: bytes('secrets').notNull(),
    /** The shop's data key, wrapped by the master key. Also seals its raw documents. */
    dataKey: bytes('data_key').notNull(),
    /** The unguessable part of this shop's webhook address. */
    webhookKey: keyText('webhook_key').notNull(),
    currency: text('currency').notNull(),
    timeZone: text('time_zone').notNull(),
    /** When the channel takes units off sale: with the order, or with its payment. */
    claimsAt: text('claims_at').notNull().default('placed'),
    /** Off until someone has looked at the mapping. */
    pushesStock: boolean('pushes_stock').notNull().default(false),
    ordersSince: at('orders_since').notNull(),
    version: integer('version').notNull().default(1),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    removedAt: at('removed_at'),
  },
  (table) => [
    uniqueIndex('shops_webhook_key').on(table.webhookKey),
    index('shops_by_time').on(table.createdAt, table.id),
    check('shops_state_known', sql`${table.state} in ('active', 'paused', 'removed')`),
    check('shops_claims_known', sql`${table.claimsAt} in ('placed', 'paid')`),
  ],
);

/** Where each stream of a shop (orders, listings, sweep …) has got to. `version` guards against two writers. */
export const shopCursors = pgTable(
  'shop_cursors',
  {
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    stream: keyText('stream').notNull(),
    /** The connector's paging state inside a poll; null between polls. */
    state: jsonb('state'),
    /** The connector's state to start the next poll from; null before the first has ended. */
    resume: jsonb('resume'),
    dueAt: at('due_at').notNull(),
    startedAt: at('started_at'),
    finishedAt: at('finished_at'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    primaryKey({ columns: [table.shopId, table.stream] }),
    index('shop_cursors_due').on(table.dueAt, table.shopId),
  ],
);

export const shopHealth = pgTable('shop_health', {
  shopId: uuid('shop_id')
    .primaryKey()
    .references(() => shops.id),
  lastCallAt: at('last_call_at'),
  lastOrderAt: at('last_order_at'),
  lastStockAt: at('last_stock_at'),
  lastTrackingAt: at('last_tracking_at'),
  failures: integer('failures').notNull().default(0),
  lastFault: text('last_fault'),
  lastFaultAt: at('last_fault_at'),
  /** No call before this time: the channel asked for it, or the breaker is open. */
  pausedUntil: at('paused_until'),
});

/** A place where the channel counts stock, and the warehouse it stands for. Numbers are spread in rank order. */
export const shopLocations = pgTable(
  'shop_locations',
  {
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    externalId: keyText('external_id').notNull(),
    name: text('name').notNull(),
    warehouseId: uuid('warehouse_id'),
    rank: integer('rank').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.shopId, table.externalId] }),
    uniqueIndex('shop_locations_warehouse').on(table.shopId, table.warehouseId),
  ],
);

/** One sellable item on one shop. The number it must show is versioned: told < wanted means there is a push to send. */
export const listings = pgTable(
  'listings',
  {
    id: uuid('id').primaryKey(),
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    externalId: keyText('external_id').notNull(),
    parentExternalId: keyText('parent_external_id'),
    skuCode: keyText('sku_code'),
    barcode: keyText('barcode'),
    title: text('title').notNull(),
    price: text('price'),
    isActive: boolean('is_active').notNull().default(true),
    tracksStock: boolean('tracks_stock').notNull().default(true),
    skuId: uuid('sku_id').references(() => skus.id),
    /** SKU units in one unit of the listing (a six-pack is 6). */
    multiplier: integer('multiplier').notNull().default(1),
    mappedAt: at('mapped_at'),
    proposedSkuId: uuid('proposed_sku_id').references(() => skus.id),
    proposedBy: text('proposed_by'),
    wantedVersion: bigint('wanted_version', { mode: 'number' }).notNull().default(1),
    /** Since when a number waits to be told; null when the newest was. Measures the push delay, decides nothing. */
    wantedAt: at('wanted_at'),
    toldVersion: bigint('told_version', { mode: 'number' }),
    /** What was told, as saleable; null until a push was acknowledged. */
    toldQuantity: integer('told_quantity'),
    toldAt: at('told_at'),
    pushFailures: integer('push_failures').notNull().default(0),
    pushDueAt: at('push_due_at'),
    pushCause: jsonb('push_cause'),
    /** The version whose wait `pushDueAt` is, where a newer one need not wait with it. */
    pushVersion: bigint('push_version', { mode: 'number' }),
    /** What the channel showed when last read back, as saleable. */
    seenQuantity: integer('seen_quantity'),
    seenAt: at('seen_at'),
    version: integer('version').notNull().default(1),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('listings_external_id').on(table.shopId, table.externalId),
    index('listings_by_sku').on(table.skuId),
    index('listings_unmapped')
      .on(table.shopId, table.id)
      .where(sql`${table.skuId} is null`),
    index('listings_to_tell')
      .on(table.shopId, table.id)
      .where(
        sql`${table.skuId} is not null and ${table.tracksStock} and ${table.isActive} and (${table.toldVersion} is null or ${table.toldVersion} < ${table.wantedVersion})`,
      ),
    index('listings_to_read_back')
      .on(table.shopId, table.id)
      .where(
        sql`${table.skuId} is not null and ${table.tracksStock} and ${table.isActive} and ${table.toldVersion} is not null and (${table.seenAt} is null or ${table.seenAt} < ${table.toldAt})`,
      ),
    check('listings_multiplier_positive', sql`${table.multiplier} > 0`),
    check('listings_told_not_ahead', sql`${table.toldVersion} <= ${table.wantedVersion}`),
    check('listings_proposed_by_known', sql`${table.proposedBy} in ('sku', 'barcode')`),
  ],
);
