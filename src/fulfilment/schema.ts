import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { skus } from '../catalog/schema.ts';
import { orderLineParts, orders } from '../orders/schema.ts';
import { at, bytes, keyText } from '../platform/db/columns.ts';
import { warehouses } from '../stock/schema.ts';

/** A planned or real parcel from one warehouse. States and their transitions stand in shipment-states.ts. */
export const shipments = pgTable(
  'shipments',
  {
    id: uuid('id').primaryKey(),
    number: bigint('number', { mode: 'number' }).notNull().generatedByDefaultAsIdentity({ startWith: 1 }),
    warehouseId: uuid('warehouse_id')
      .notNull()
      .references(() => warehouses.id),
    state: text('state').notNull().default('planned'),
    /** Receiver's merge key when planned: equal keys may share a parcel. */
    mergeKey: bytes('merge_key'),
    service: text('service'),
    carrier: text('carrier'),
    trackingNumber: keyText('tracking_number'),
    trackingUrl: text('tracking_url'),
    /** Why this warehouse and not another: the planner's reasons, as it gave them. */
    reasons: jsonb('reasons').notNull(),
    version: integer('version').notNull().default(1),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    shippedAt: at('shipped_at'),
    cancelledAt: at('cancelled_at'),
  },
  (table) => [
    uniqueIndex('shipments_number').on(table.number),
    index('shipments_by_time').on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index('shipments_open_by_warehouse')
      .on(table.warehouseId, table.createdAt, table.id)
      .where(sql`${table.state} not in ('shipped', 'cancelled')`),
    check(
      'shipments_state_known',
      sql`${table.state} in ('planned', 'released', 'picked', 'packed', 'labelled', 'shipped', 'cancelled')`,
    ),
    check('shipments_shipped_when_shipped', sql`(${table.state} = 'shipped') = (${table.shippedAt} is not null)`),
  ],
);

export const shipmentLines = pgTable(
  'shipment_lines',
  {
    id: uuid('id').primaryKey(),
    shipmentId: uuid('shipment_id')
      .notNull()
      .references(() => shipments.id),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    partId: uuid('part_id')
      .notNull()
      .references(() => orderLineParts.id),
    skuId: uuid('sku_id')
      .notNull()
      .references(() => skus.id),
    /** SKU units; 0 only when all of it was withdrawn again. */
    quantity: integer('quantity').notNull(),
  },
  (table) => [
    uniqueIndex('shipment_lines_part').on(table.shipmentId, table.partId),
    index('shipment_lines_by_part').on(table.partId),
    index('shipment_lines_by_order').on(table.orderId),
    check('shipment_lines_not_negative', sql`${table.quantity} >= 0`),
  ],
);
