import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { shops } from '../channels/schema.ts';
import { at, bytes, keyText } from '../platform/db/columns.ts';

/** One raw message from a channel: keys and state. Its bytes stand in inbox_bodies. */
export const inboxEvents = pgTable(
  'inbox_events',
  {
    id: uuid('id').primaryKey(),
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    source: text('source').notNull(),
    topic: text('topic').notNull(),
    /** The order or listing it is about; null when the body could not be read. */
    externalId: keyText('external_id'),
    dedupeKey: keyText('dedupe_key').notNull(),
    state: text('state').notNull().default('pending'),
    contentHash: bytes('content_hash').notNull(),
    sourceVersion: numeric('source_version', { precision: 40, scale: 0 }),
    readStartedAt: at('read_started_at').notNull(),
    receivedAt: at('received_at').notNull(),
    isBackfill: boolean('is_backfill').notNull().default(false),
    attempts: integer('attempts').notNull().default(0),
    dueAt: at('due_at').notNull(),
    finishedAt: at('finished_at'),
    cause: jsonb('cause'),
  },
  (table) => [
    // Invariant 3: an event is taken in once, however often it is delivered.
    uniqueIndex('inbox_events_dedupe').on(table.shopId, table.dedupeKey),
    index('inbox_events_pending')
      .on(table.shopId, table.isBackfill, table.receivedAt, table.id)
      .where(sql`${table.state} = 'pending'`),
    index('inbox_events_by_document').on(table.shopId, table.externalId, table.receivedAt.desc().nullsFirst()),
    index('inbox_events_parked')
      .on(table.shopId, table.receivedAt)
      .where(sql`${table.state} = 'parked'`),
    index('inbox_events_by_time').on(table.receivedAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    check('inbox_events_source_known', sql`${table.source} in ('webhook', 'poll', 'read', 'api')`),
    check('inbox_events_state_known', sql`${table.state} in ('pending', 'applied', 'superseded', 'parked')`),
  ],
);

/** Bytes as received, sealed by the shop's key. Deleted by retention and by erasure. */
export const inboxBodies = pgTable(
  'inbox_bodies',
  {
    inboxEventId: uuid('inbox_event_id')
      .primaryKey()
      .references(() => inboxEvents.id),
    ciphertext: bytes('ciphertext').notNull(),
    storedAt: at('stored_at').notNull(),
  },
  (table) => [index('inbox_bodies_by_age').on(table.storedAt)],
);

/** Orders to read again by id: a webhook rang, our own write must be seen, or an open order has aged. */
export const orderReads = pgTable(
  'order_reads',
  {
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    externalId: keyText('external_id').notNull(),
    dueAt: at('due_at').notNull(),
    reason: text('reason').notNull(),
    /** Asked-for since: a read that began before this does not answer it. */
    askedAt: at('asked_at').notNull(),
    attempts: integer('attempts').notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.shopId, table.externalId] }),
    index('order_reads_due').on(table.shopId, table.dueAt),
    check('order_reads_reason_known', sql`${table.reason} in ('webhook', 'own_write', 'open', 'sweep', 'asked')`),
  ],
);
