import { sql } from 'drizzle-orm';
import { bigint, check, index, jsonb, numeric, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, keyText } from '../../platform/db/columns.ts';
import { orderLines, orders } from '../schema.ts';

const minor = (name: string) => bigint(name, { mode: 'number' });

/** The sets of an order that a document replaces whole: what explains its total, what was paid and paid back, its packages. */
export const orderDiscounts = pgTable(
  'order_discounts',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    orderLineId: uuid('order_line_id').references(() => orderLines.id),
    code: text('code'),
    title: text('title').notNull(),
    amountMinor: minor('amount_minor').notNull(),
    fundedBy: text('funded_by').notNull(),
  },
  (table) => [
    index('order_discounts_by_order').on(table.orderId),
    check('order_discounts_funded_by_known', sql`${table.fundedBy} in ('seller', 'platform')`),
  ],
);

export const orderShippingLines = pgTable(
  'order_shipping_lines',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    externalId: keyText('external_id').notNull(),
    title: text('title').notNull(),
    amountMinor: minor('amount_minor').notNull(),
  },
  (table) => [uniqueIndex('order_shipping_lines_external_id').on(table.orderId, table.externalId)],
);

/** A tax amount of one line or of one shipping line. */
export const orderTaxes = pgTable(
  'order_taxes',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    orderLineId: uuid('order_line_id').references(() => orderLines.id),
    shippingLineId: uuid('shipping_line_id').references(() => orderShippingLines.id),
    title: text('title').notNull(),
    ratePercent: numeric('rate_percent', { precision: 9, scale: 4 }),
    amountMinor: minor('amount_minor').notNull(),
  },
  (table) => [
    index('order_taxes_by_order').on(table.orderId),
    check('order_taxes_of_one_thing', sql`num_nonnulls(${table.orderLineId}, ${table.shippingLineId}) = 1`),
  ],
);

export const orderPayments = pgTable(
  'order_payments',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    externalId: keyText('external_id').notNull(),
    method: text('method').notNull(),
    state: text('state').notNull(),
    amountMinor: minor('amount_minor').notNull(),
    paidAt: at('paid_at'),
  },
  (table) => [
    uniqueIndex('order_payments_external_id').on(table.orderId, table.externalId),
    check(
      'order_payments_state_known',
      sql`${table.state} in ('pending', 'authorised', 'paid', 'failed', 'cancelled')`,
    ),
  ],
);

/** Money paid back, a fact of the order. Whether goods come back is decided by returns. */
export const orderRefunds = pgTable(
  'order_refunds',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    externalId: keyText('external_id').notNull(),
    paymentExternalId: keyText('payment_external_id'),
    state: text('state').notNull(),
    amountMinor: minor('amount_minor').notNull(),
    reason: text('reason'),
    refundedAt: at('refunded_at'),
    /** [{ line: external id, quantity }] as the channel tells it. */
    lines: jsonb('lines').notNull(),
  },
  (table) => [
    uniqueIndex('order_refunds_external_id').on(table.orderId, table.externalId),
    check('order_refunds_state_known', sql`${table.state} in ('pending', 'settled', 'failed')`),
    check('order_refunds_not_negative', sql`${table.amountMinor} >= 0`),
  ],
);

/** What the buyer asked on the channel to send back. What it means for our goods is decided by returns. */
export const orderReturns = pgTable(
  'order_returns',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    externalId: keyText('external_id').notNull(),
    state: text('state').notNull(),
    reason: text('reason'),
    askedAt: at('asked_at'),
    /** [{ line: external id, quantity }] as the channel tells it. */
    lines: jsonb('lines').notNull(),
  },
  (table) => [
    uniqueIndex('order_returns_external_id').on(table.orderId, table.externalId),
    check('order_returns_state_known', sql`${table.state} in ('requested', 'received', 'cancelled')`),
  ],
);

/** Packages as the channel showed them when last read: what invariant 7 is audited against. */
export const orderPackages = pgTable(
  'order_packages',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    externalId: keyText('external_id').notNull(),
    trackingNumber: keyText('tracking_number'),
    carrier: text('carrier'),
    state: text('state').notNull(),
    lines: jsonb('lines').notNull(),
    seenAt: at('seen_at').notNull(),
  },
  (table) => [
    uniqueIndex('order_packages_external_id').on(table.orderId, table.externalId),
    check('order_packages_state_known', sql`${table.state} in ('pending', 'shipped', 'delivered', 'cancelled')`),
  ],
);
