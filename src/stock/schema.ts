import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  date,
  index,
  integer,
  numeric,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { skus } from '../catalog/schema.ts';
import { shops } from '../channels/schema.ts';
import { at, keyText } from '../platform/db/columns.ts';

export const warehouses = pgTable(
  'warehouses',
  {
    id: uuid('id').primaryKey(),
    code: keyText('code').notNull(),
    name: text('name').notNull(),
    /** `in_transit` holds what has left one warehouse and not reached another; it serves no shop. */
    kind: text('kind').notNull().default('physical'),
    countryCode: text('country_code').notNull(),
    timeZone: text('time_zone').notNull(),
    isActive: boolean('is_active').notNull().default(true),
    version: integer('version').notNull().default(1),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('warehouses_code').on(table.code),
    check('warehouses_kind_known', sql`${table.kind} in ('physical', 'in_transit')`),
  ],
);

/** Which warehouses serve a shop, the lowest rank first. */
export const shopWarehouses = pgTable(
  'shop_warehouses',
  {
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    warehouseId: uuid('warehouse_id')
      .notNull()
      .references(() => warehouses.id),
    rank: integer('rank').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.shopId, table.warehouseId] }),
    index('shop_warehouses_by_warehouse').on(table.warehouseId),
  ],
);

/** Units of a SKU received together. */
export const lots = pgTable(
  'lots',
  {
    id: uuid('id').primaryKey(),
    skuId: uuid('sku_id')
      .notNull()
      .references(() => skus.id),
    number: keyText('number').notNull(),
    madeOn: date('made_on', { mode: 'string' }),
    expiresOn: date('expires_on', { mode: 'string' }),
    createdAt: at('created_at').notNull(),
  },
  (table) => [uniqueIndex('lots_number').on(table.skuId, table.number)],
);

/** Running balance of sellable units. Changes only in the verb that writes the move or the reservation. */
export const stockLevels = pgTable(
  'stock_levels',
  {
    skuId: uuid('sku_id')
      .notNull()
      .references(() => skus.id),
    warehouseId: uuid('warehouse_id')
      .notNull()
      .references(() => warehouses.id),
    onHand: integer('on_hand').notNull().default(0),
    reserved: integer('reserved').notNull().default(0),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.skuId, table.warehouseId] }),
    // Invariant 1: shortage is demand, never a negative level and never a reservation without goods.
    check('stock_levels_reserved_within_on_hand', sql`${table.reserved} >= 0 and ${table.reserved} <= ${table.onHand}`),
  ],
);

/** Where the units of a level stand: bin, lot, condition. Sellable rows sum to the level. */
export const stockDetails = pgTable(
  'stock_details',
  {
    skuId: uuid('sku_id')
      .notNull()
      .references(() => skus.id),
    warehouseId: uuid('warehouse_id')
      .notNull()
      .references(() => warehouses.id),
    binCode: keyText('bin_code').notNull().default(''),
    lotId: uuid('lot_id').references(() => lots.id),
    condition: text('condition').notNull().default('sellable'),
    quantity: integer('quantity').notNull(),
  },
  (table) => [
    unique('stock_details_place')
      .on(table.skuId, table.warehouseId, table.binCode, table.lotId, table.condition)
      .nullsNotDistinct(),
    check('stock_details_not_negative', sql`${table.quantity} >= 0`),
    check('stock_details_condition_known', sql`${table.condition} in ('sellable', 'damaged', 'inspection')`),
  ],
);

/** Append-only; the only way on-hand changes. */
export const stockMoves = pgTable(
  'stock_moves',
  {
    id: uuid('id').primaryKey(),
    at: at('at').notNull(),
    skuId: uuid('sku_id')
      .notNull()
      .references(() => skus.id),
    warehouseId: uuid('warehouse_id')
      .notNull()
      .references(() => warehouses.id),
    binCode: keyText('bin_code').notNull().default(''),
    lotId: uuid('lot_id').references(() => lots.id),
    condition: text('condition').notNull().default('sellable'),
    /** Signed SKU units. */
    quantity: integer('quantity').notNull(),
    reason: text('reason').notNull(),
    referenceKind: text('reference_kind'),
    referenceId: uuid('reference_id'),
    note: text('note'),
    unitCost: numeric('unit_cost', { precision: 20, scale: 6 }),
    costCurrency: text('cost_currency'),
    actorKind: text('actor_kind').notNull(),
    actorId: keyText('actor_id').notNull(),
  },
  (table) => [
    index('stock_moves_by_level').on(
      table.skuId,
      table.warehouseId,
      table.at.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    index('stock_moves_by_reference').on(table.referenceId),
    index('stock_moves_by_time').on(table.at.desc().nullsFirst(), table.id.desc().nullsFirst()),
    check('stock_moves_move_something', sql`${table.quantity} <> 0`),
    check(
      'stock_moves_reason_known',
      sql`${table.reason} in ('received', 'adjusted', 'counted', 'shipped', 'transferred', 'returned', 'assembled')`,
    ),
    check('stock_moves_cost_has_currency', sql`(${table.unitCost} is null) = (${table.costCurrency} is null)`),
  ],
);

/**
 * Units taken in and not yet reserved, one row for each order-line part, from the start to the end of the part; quantity 0
 * when all is reserved, shipped or cancelled. Ranked by (priority desc, ship_by, paid_at, placed_at, order_id).
 */
export const stockDemand = pgTable(
  'stock_demand',
  {
    partId: uuid('part_id').primaryKey(),
    orderId: uuid('order_id').notNull(),
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    skuId: uuid('sku_id')
      .notNull()
      .references(() => skus.id),
    quantity: integer('quantity').notNull(),
    /** False until payment where the shop deducts at payment: then it does not lessen what is available to promise. */
    claims: boolean('claims').notNull(),
    /** The order has an open hold: it claims, but is not allocated. */
    isHeld: boolean('is_held').notNull(),
    /** The allocator should look: new, freed, or something came in for this SKU. */
    isDue: boolean('is_due').notNull(),
    priority: integer('priority').notNull().default(0),
    shipBy: at('ship_by'),
    paidAt: at('paid_at'),
    placedAt: at('placed_at').notNull(),
  },
  (table) => [
    index('stock_demand_open')
      .on(table.skuId, table.shopId)
      .where(sql`${table.quantity} > 0`),
    index('stock_demand_due')
      .on(table.priority.desc().nullsFirst(), table.shipBy, table.paidAt, table.placedAt, table.orderId)
      .where(sql`${table.isDue} and not ${table.isHeld} and ${table.quantity} > 0`),
    index('stock_demand_by_order').on(table.orderId),
    check('stock_demand_not_negative', sql`${table.quantity} >= 0`),
  ],
);

/** Units of a SKU in a warehouse promised to one shipment line. */
export const reservations = pgTable(
  'reservations',
  {
    id: uuid('id').primaryKey(),
    skuId: uuid('sku_id')
      .notNull()
      .references(() => skus.id),
    warehouseId: uuid('warehouse_id')
      .notNull()
      .references(() => warehouses.id),
    partId: uuid('part_id').notNull(),
    shipmentLineId: uuid('shipment_line_id').notNull(),
    quantity: integer('quantity').notNull(),
    state: text('state').notNull().default('open'),
    /** Only lots that expire after this day may serve it; null: any lot. */
    expiresAfter: date('expires_after', { mode: 'string' }),
    createdAt: at('created_at').notNull(),
    closedAt: at('closed_at'),
  },
  (table) => [
    index('reservations_open_by_level')
      .on(table.skuId, table.warehouseId)
      .where(sql`${table.state} = 'open'`),
    index('reservations_by_part').on(table.partId),
    uniqueIndex('reservations_open_line')
      .on(table.shipmentLineId)
      .where(sql`${table.state} = 'open'`),
    check('reservations_quantity_positive', sql`${table.quantity} > 0`),
    check('reservations_state_known', sql`${table.state} in ('open', 'consumed', 'released')`),
    check('reservations_closed_when_not_open', sql`(${table.state} = 'open') = (${table.closedAt} is null)`),
  ],
);

/** Goods on their way in, against which preorders are promised. */
export const expectedReceipts = pgTable(
  'expected_receipts',
  {
    id: uuid('id').primaryKey(),
    skuId: uuid('sku_id')
      .notNull()
      .references(() => skus.id),
    warehouseId: uuid('warehouse_id')
      .notNull()
      .references(() => warehouses.id),
    quantity: integer('quantity').notNull(),
    receivedQuantity: integer('received_quantity').notNull().default(0),
    expectedAt: at('expected_at').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [
    index('expected_receipts_by_sku').on(table.skuId, table.expectedAt),
    check('expected_receipts_quantity_positive', sql`${table.quantity} > 0 and ${table.receivedQuantity} >= 0`),
  ],
);
