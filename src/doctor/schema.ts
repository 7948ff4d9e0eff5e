import { sql } from 'drizzle-orm';
import { check, integer, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { at, keyText } from '../platform/db/columns.ts';

/** What waited for each kind of work, a row a minute, kept a day: whether a backlog grows, and how fast it is drained. */
export const backlogSamples = pgTable(
  'backlog_samples',
  {
    work: keyText('work').notNull(),
    at: at('at').notNull(),
    waiting: integer('waiting').notNull(),
    oldestAt: at('oldest_at'),
  },
  (table) => [
    primaryKey({ columns: [table.work, table.at] }),
    check('backlog_samples_not_negative', sql`${table.waiting} >= 0`),
  ],
);
