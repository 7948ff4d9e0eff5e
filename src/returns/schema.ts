import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { shops } from '../channels/schema.ts';
import { orderLines, orders } from '../orders/schema.ts';
import { at, keyText } from '../platform/db/columns.ts';
import { warehouses } from '../stock/schema.ts';

const minor = (name: string) => bigint(name, { mode: 'number' });

/** Shipped goods that come back, or may. States and their transitions stand in return-states.ts. */
export const returns = pgTable(
  'returns',
  {
    id: uuid('id').primaryKey(),
    number: bigint('number', { mode: 'number' }).notNull().generatedByDefaultAsIdentity({ startWith: 1 }),
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    source: text('source').notNull(),
    state: text('state').notNull().default('open'),
    reason: text('reason').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    closedAt: at('closed_at'),
  },
  (table) => [
    uniqueIndex('returns_number').on(table.number),
    index('returns_by_order').on(table.orderId),
    index('returns_by_time').on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index('returns_open')
      .on(table.createdAt, table.id)
      .where(sql`${table.state} = 'open'`),
    check('returns_source_known', sql`${table.source} in ('person', 'channel_refund', 'channel_return')`),
    check('returns_state_known', sql`${table.state} in ('open', 'decided', 'withdrawn')`),
    check('returns_closed_when_not_open', sql`(${table.state} = 'open') = (${table.closedAt} is null)`),
  ],
);

/** Units of one order line, in units of the listing, and what was decided about them so far. */
export const returnLines = pgTable(
  'return_lines',
  {
    id: uuid('id').primaryKey(),
    returnId: uuid('return_id')
      .notNull()
      .references(() => returns.id),
    orderLineId: uuid('order_line_id')
      .notNull()
      .references(() => orderLines.id),
    quantity: integer('quantity').notNull(),
    restocked: integer('restocked').notNull().default(0),
    scrapped: integer('scrapped').notNull().default(0),
    notReturned: integer('not_returned').notNull().default(0),
  },
  (table) => [
    uniqueIndex('return_lines_order_line').on(table.returnId, table.orderLineId),
    index('return_lines_by_order_line').on(table.orderLineId),
    // No unit is decided twice, whoever decides at the same time.
    check(
      'return_lines_decided_fit',
      sql`${table.quantity} > 0 and ${table.restocked} >= 0 and ${table.scrapped} >= 0 and ${table.notReturned} >= 0 and ${table.restocked} + ${table.scrapped} + ${table.notReturned} <= ${table.quantity}`,
    ),
  ],
);

/** Each decision, append-only; the counters of the line are their sums. */
export const returnDecisions = pgTable(
  'return_decisions',
  {
    id: uuid('id').primaryKey(),
    returnLineId: uuid('return_line_id')
      .notNull()
      .references(() => returnLines.id),
    at: at('at').notNull(),
    decision: text('decision').notNull(),
    quantity: integer('quantity').notNull(),
    warehouseId: uuid('warehouse_id').references(() => warehouses.id),
    note: text('note'),
    actorKind: text('actor_kind').notNull(),
    actorId: keyText('actor_id').notNull(),
  },
  (table) => [
    index('return_decisions_by_line').on(table.returnLineId),
    check('return_decisions_known', sql`${table.decision} in ('restock', 'scrap', 'none')`),
    check('return_decisions_quantity_positive', sql`${table.quantity} > 0`),
    check(
      'return_decisions_restock_has_place',
      sql`(${table.decision} = 'restock') = (${table.warehouseId} is not null)`,
    ),
  ],
);

/**
 * A return as the channel reported it when it was judged, once each. The return it opened or joined; null: none of its units
 * may come back here, or it was cancelled before anybody saw it.
 */
export const returnReports = pgTable(
  'return_reports',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    externalId: keyText('external_id').notNull(),
    returnId: uuid('return_id').references(() => returns.id),
    state: text('state').notNull(),
    /** [{ line: external id, quantity }] as the channel told it. */
    lines: jsonb('lines').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    // A return of the channel is judged once, and opens at most one of ours.
    uniqueIndex('return_reports_external_id').on(table.orderId, table.externalId),
    index('return_reports_by_return').on(table.returnId),
    check('return_reports_state_known', sql`${table.state} in ('requested', 'received', 'cancelled')`),
  ],
);

/**
 * Money paid back, as returns see it, once a refund: asked from a return (`request_id`), or first seen on the channel
 * (`external_id`). Without a return: it concerned no goods that had left.
 */
export const returnRefunds = pgTable(
  'return_refunds',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    returnId: uuid('return_id').references(() => returns.id),
    requestId: uuid('request_id'),
    externalId: keyText('external_id'),
    state: text('state').notNull(),
    amountMinor: minor('amount_minor').notNull(),
    /** Of it, for shipping. */
    shippingMinor: minor('shipping_minor').notNull().default(0),
    /** [{ orderLineId, quantity, unshipped }]: units it pays back, and how many of them had not left. */
    lines: jsonb('lines').notNull(),
    cause: jsonb('cause'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    // A refund of the channel is judged once, and opens at most one return.
    uniqueIndex('return_refunds_external_id').on(table.orderId, table.externalId),
    uniqueIndex('return_refunds_request').on(table.requestId),
    index('return_refunds_by_return').on(table.returnId),
    check('return_refunds_state_known', sql`${table.state} in ('asked', 'made', 'refused', 'failed')`),
    check('return_refunds_come_from_somewhere', sql`num_nonnulls(${table.requestId}, ${table.externalId}) > 0`),
    check('return_refunds_not_negative', sql`${table.amountMinor} >= 0 and ${table.shippingMinor} >= 0`),
  ],
);
