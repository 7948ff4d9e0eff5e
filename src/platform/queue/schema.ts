import { boolean, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { at, keyText } from '../db/columns.ts';

/** One row a lane: who holds its lease, when it last ran dry, and why it must wait. */
export const lanes = pgTable('lanes', {
  name: keyText('name').primaryKey(),
  leaseToken: uuid('lease_token'),
  leasedUntil: at('leased_until'),
  drainedAt: at('drained_at'),
  isPaused: boolean('is_paused').notNull().default(false),
  failures: integer('failures').notNull().default(0),
  retryAt: at('retry_at'),
  lastError: text('last_error'),
  lastErrorAt: at('last_error_at'),
});

/** A cron tick is taken by inserting its slot; the second process to try is told no by the key. */
export const cronSlots = pgTable(
  'cron_slots',
  {
    name: keyText('name').notNull(),
    slot: at('slot').notNull(),
    takenAt: at('taken_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.name, table.slot] })],
);
