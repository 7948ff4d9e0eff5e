import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { shops } from '../channels/schema.ts';
import { shipments } from '../fulfilment/schema.ts';
import { orders } from '../orders/schema.ts';
import { at, keyText } from '../platform/db/columns.ts';

/** One package of one order that must be shown on its channel. Recorded before the call; `unknown` is read back first. */
export const announcements = pgTable(
  'announcements',
  {
    id: uuid('id').primaryKey(),
    shipmentId: uuid('shipment_id')
      .notNull()
      .references(() => shipments.id),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    state: text('state').notNull().default('due'),
    externalId: keyText('external_id'),
    attempts: integer('attempts').notNull().default(0),
    dueAt: at('due_at').notNull(),
    cause: jsonb('cause'),
    createdAt: at('created_at').notNull(),
    sentAt: at('sent_at'),
    announcedAt: at('announced_at'),
    /** [{ lineExternalId, quantity }] as first announced, so that a repeat says the same. */
    lines: jsonb('lines'),
    /** Its channel cannot be read back: that it acknowledged the package is all there will be. */
    isShownByAnswer: boolean('is_shown_by_answer').notNull().default(false),
  },
  (table) => [
    // Half of invariant 7: a package is announced once for each of its orders.
    uniqueIndex('announcements_shipment_order').on(table.shipmentId, table.orderId),
    index('announcements_by_order').on(table.orderId),
    index('announcements_due')
      .on(table.shopId, table.dueAt)
      .where(sql`${table.state} in ('due', 'sending', 'unknown')`),
    check('announcements_state_known', sql`${table.state} in ('due', 'sending', 'unknown', 'announced', 'refused')`),
  ],
);

/** A cancel or refund that the hub asks of a channel. */
export const channelRequests = pgTable(
  'channel_requests',
  {
    id: uuid('id').primaryKey(),
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    kind: text('kind').notNull(),
    /** [{ orderLineId, quantity, upTo }], or null for the whole order; `upTo` counts a cancel cumulatively. */
    lines: jsonb('lines'),
    amountMinor: bigint('amount_minor', { mode: 'number' }),
    reason: text('reason').notNull(),
    state: text('state').notNull().default('due'),
    externalId: keyText('external_id'),
    attempts: integer('attempts').notNull().default(0),
    dueAt: at('due_at').notNull(),
    cause: jsonb('cause'),
    createdAt: at('created_at').notNull(),
    sentAt: at('sent_at'),
    finishedAt: at('finished_at'),
  },
  (table) => [
    index('channel_requests_by_order').on(table.orderId),
    index('channel_requests_due')
      .on(table.shopId, table.dueAt)
      .where(sql`${table.state} in ('due', 'sending', 'unknown')`),
    check('channel_requests_kind_known', sql`${table.kind} in ('cancel', 'refund')`),
    check('channel_requests_state_known', sql`${table.state} in ('due', 'sending', 'unknown', 'done', 'refused')`),
    check('channel_requests_refund_has_amount', sql`(${table.kind} = 'refund') = (${table.amountMinor} is not null)`),
  ],
);

/** One attempt to deliver one message, for channels that are told by messages. No body and no personal data. */
export const deliveryAttempts = pgTable(
  'delivery_attempts',
  {
    id: uuid('id').primaryKey(),
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    /** Stable over the attempts: what the channel knows a repeat by. */
    messageId: keyText('message_id').notNull(),
    type: text('type').notNull(),
    subjectKind: text('subject_kind').notNull(),
    /** Ids of what it was about. */
    subjects: jsonb('subjects').notNull(),
    attempt: integer('attempt').notNull(),
    at: at('at').notNull(),
    durationMs: integer('duration_ms').notNull(),
    /** Null where no answer came. */
    status: integer('status'),
    excerpt: text('excerpt'),
    /** Null on success. */
    error: text('error'),
    nextAt: at('next_at'),
  },
  (table) => [
    uniqueIndex('delivery_attempts_message').on(table.shopId, table.messageId, table.attempt),
    index('delivery_attempts_by_shop').on(table.shopId, table.at.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index('delivery_attempts_by_age').on(table.at),
    check(
      'delivery_attempts_subject_kind_known',
      sql`${table.subjectKind} in ('listings', 'announcement', 'channel_request')`,
    ),
    check('delivery_attempts_success_is_2xx', sql`${table.error} is not null or ${table.status} between 200 and 299`),
  ],
);
