import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { shops } from '../channels/schema.ts';
import { orders } from '../orders/schema.ts';
import { at, bytes, keyText } from '../platform/db/columns.ts';

const whole = (name: string) => bigint(name, { mode: 'number' });

/** Numbers without gaps: the next one is the row's, taken under its lock. A locked series waits for a person. */
export const invoiceSeries = pgTable(
  'invoice_series',
  {
    id: uuid('id').primaryKey(),
    code: keyText('code').notNull(),
    /** `INV-{year}-{number:6}` */
    format: keyText('format').notNull(),
    restarts: text('restarts').notNull(),
    startSerial: whole('start_serial').notNull(),
    startPeriod: integer('start_period').notNull(),
    /** The year the last number was given in; 0 where the series never restarts. */
    period: integer('period').notNull(),
    lastSerial: whole('last_serial').notNull(),
    state: text('state').notNull().default('open'),
    lockedAt: at('locked_at'),
    lockedBecause: text('locked_because'),
    /** What happened before may have been invoiced by numbers that a restore lost: a person confirms each. */
    doubtedBefore: at('doubted_before'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('invoice_series_code').on(table.code),
    uniqueIndex('invoice_series_format').on(table.format),
    check('invoice_series_restarts_known', sql`${table.restarts} in ('yearly', 'never')`),
    check('invoice_series_state_known', sql`${table.state} in ('open', 'locked')`),
    check(
      'invoice_series_counts_up',
      sql`${table.startSerial} >= 1 and ${table.lastSerial} >= 0 and ${table.period} >= ${table.startPeriod}`,
    ),
    check('invoice_series_lock_has_time', sql`${table.state} = 'open' or ${table.lockedAt} is not null`),
  ],
);

/** When orders are invoiced and how: the company's row has no shop; a shop's row overrides what it names. */
export const invoiceRules = pgTable(
  'invoice_rules',
  {
    id: uuid('id').primaryKey(),
    shopId: uuid('shop_id').references(() => shops.id),
    at: text('at'),
    language: text('language'),
    invoiceSeriesId: uuid('invoice_series_id').references(() => invoiceSeries.id),
    creditSeriesId: uuid('credit_series_id').references(() => invoiceSeries.id),
    /** Orders placed earlier are not invoiced by the rule. */
    ordersSince: at('orders_since'),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    unique('invoice_rules_shop').on(table.shopId).nullsNotDistinct(),
    check('invoice_rules_at_known', sql`${table.at} in ('ship_out', 'payment', 'never')`),
    check('invoice_rules_language_known', sql`${table.language} in ('zh-CN', 'en', 'both')`),
    check('invoice_rules_at_has_start', sql`(${table.at} is null) = (${table.ordersSince} is null)`),
    check(
      'invoice_rules_company_is_whole',
      sql`${table.shopId} is not null or num_nulls(${table.at}, ${table.language}, ${table.invoiceSeriesId}, ${table.creditSeriesId}) = 0`,
    ),
  ],
);

/** A document that must be written, from the transaction of its fact. Numbered by the invoicing lane. */
export const invoiceRequests = pgTable(
  'invoice_requests',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    /** Of the order when it was requested. */
    version: integer('version').notNull(),
    kind: text('kind').notNull(),
    source: text('source').notNull(),
    seriesId: uuid('series_id')
      .notNull()
      .references(() => invoiceSeries.id),
    language: text('language').notNull(),
    correctsRequestId: uuid('corrects_request_id').references((): AnyPgColumn => invoiceRequests.id),
    refundExternalId: keyText('refund_external_id'),
    /** Of a credit note: its own amount, and all that is credited of its invoice with it. */
    amountMinor: whole('amount_minor'),
    upToMinor: whole('up_to_minor'),
    reason: text('reason'),
    state: text('state').notNull().default('due'),
    /** The rest of this invoice is credited as a whole: another one may take its place. */
    isReversed: boolean('is_reversed').notNull().default(false),
    cause: jsonb('cause'),
    factAt: at('fact_at').notNull(),
    createdAt: at('created_at').notNull(),
    settledAt: at('settled_at'),
  },
  (table) => [
    uniqueIndex('invoice_requests_version')
      .on(table.orderId, table.version, table.kind)
      .where(sql`${table.kind} = 'invoice'`),
    // One invoice of an order stands at a time, whatever races.
    uniqueIndex('invoice_requests_live')
      .on(table.orderId)
      .where(sql`${table.kind} = 'invoice' and ${table.state} <> 'dropped' and not ${table.isReversed}`),
    uniqueIndex('invoice_requests_refund')
      .on(table.correctsRequestId, table.refundExternalId)
      .where(sql`${table.refundExternalId} is not null`),
    uniqueIndex('invoice_requests_credit')
      .on(table.correctsRequestId, table.upToMinor)
      .where(sql`${table.kind} = 'credit_note'`),
    index('invoice_requests_by_order').on(table.orderId),
    index('invoice_requests_due')
      .on(table.createdAt, table.id)
      .where(sql`${table.state} = 'due'`),
    index('invoice_requests_by_time').on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    check('invoice_requests_kind_known', sql`${table.kind} in ('invoice', 'credit_note')`),
    check(
      'invoice_requests_source_known',
      sql`${table.source} in ('ship_out', 'payment', 'manual', 'edit', 'refund', 'cancel')`,
    ),
    check('invoice_requests_language_known', sql`${table.language} in ('zh-CN', 'en', 'both')`),
    check('invoice_requests_state_known', sql`${table.state} in ('due', 'parked', 'numbered', 'dropped')`),
    check(
      'invoice_requests_credit_is_whole',
      sql`num_nulls(${table.correctsRequestId}, ${table.amountMinor}, ${table.upToMinor}) = case when ${table.kind} = 'credit_note' then 0 else 3 end`,
    ),
    check(
      'invoice_requests_credit_is_something',
      sql`${table.amountMinor} > 0 and ${table.upToMinor} >= ${table.amountMinor}`,
    ),
  ],
);

/** What was issued. Triggers refuse every change: it is voided by a credit note only. Amounts of credit notes are positive. */
export const invoices = pgTable(
  'invoices',
  {
    id: uuid('id').primaryKey(),
    requestId: uuid('request_id')
      .notNull()
      .references(() => invoiceRequests.id),
    kind: text('kind').notNull(),
    seriesId: uuid('series_id')
      .notNull()
      .references(() => invoiceSeries.id),
    period: integer('period').notNull(),
    serial: whole('serial').notNull(),
    number: keyText('number').notNull(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    orderVersion: integer('order_version').notNull(),
    correctsInvoiceId: uuid('corrects_invoice_id').references((): AnyPgColumn => invoices.id),
    issuedAt: at('issued_at').notNull(),
    /** The day in the company's zone. */
    issuedOn: date('issued_on').notNull(),
    currency: text('currency').notNull(),
    totalMinor: whole('total_minor').notNull(),
    taxMinor: whole('tax_minor').notNull(),
    /** InvoiceContent, frozen. Nothing personal: the receiver is sealed apart. */
    content: jsonb('content').notNull(),
    contentHash: bytes('content_hash').notNull(),
  },
  (table) => [
    uniqueIndex('invoices_serial').on(table.seriesId, table.period, table.serial),
    uniqueIndex('invoices_number').on(table.number),
    uniqueIndex('invoices_request').on(table.requestId),
    index('invoices_by_order').on(table.orderId),
    index('invoices_by_time').on(table.issuedAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index('invoices_corrections')
      .on(table.correctsInvoiceId)
      .where(sql`${table.correctsInvoiceId} is not null`),
    check('invoices_kind_known', sql`${table.kind} in ('invoice', 'credit_note')`),
    check('invoices_credit_corrects', sql`(${table.kind} = 'credit_note') = (${table.correctsInvoiceId} is not null)`),
  ],
);

/** To whom it was issued, under a key of its own: the erasure of an order leaves it until the term of law. */
export const invoiceReceivers = pgTable(
  'invoice_receivers',
  {
    invoiceId: uuid('invoice_id')
      .primaryKey()
      .references(() => invoices.id),
    ciphertext: bytes('ciphertext').notNull(),
    dataKey: bytes('data_key').notNull(),
    keepUntil: date('keep_until').notNull(),
  },
  (table) => [index('invoice_receivers_by_term').on(table.keepUntil)],
);

/** Numbers that were issued and lost by a restore, as a person confirmed: no gaps, but not ours to show. */
export const invoiceLostNumbers = pgTable(
  'invoice_lost_numbers',
  {
    seriesId: uuid('series_id')
      .notNull()
      .references(() => invoiceSeries.id),
    period: integer('period').notNull(),
    firstSerial: whole('first_serial').notNull(),
    lastSerial: whole('last_serial').notNull(),
    confirmedBy: keyText('confirmed_by').notNull(),
    confirmedAt: at('confirmed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.seriesId, table.period, table.firstSerial] }),
    check('invoice_lost_numbers_some', sql`${table.firstSerial} <= ${table.lastSerial}`),
  ],
);
