import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, bytes } from '../db/columns.ts';

/** Each backup that was begun. Its file can be read without this row: the row is for people, metrics and exceptions. */
export const backups = pgTable(
  'backups',
  {
    id: uuid('id').primaryKey(),
    kind: text('kind').notNull(),
    file: text('file').notNull(),
    state: text('state').notNull().default('running'),
    bytes: bigint('bytes', { mode: 'number' }),
    sha256: bytes('sha256'),
    cause: jsonb('cause'),
    startedAt: at('started_at').notNull(),
    finishedAt: at('finished_at'),
  },
  (table) => [
    index('backups_by_time').on(table.startedAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    check('backups_kind_known', sql`${table.kind} in ('cluster', 'dump')`),
    check('backups_state_known', sql`${table.state} in ('running', 'good', 'failed')`),
    check(
      'backups_good_is_whole',
      sql`${table.state} <> 'good' or (${table.bytes} is not null and ${table.sha256} is not null)`,
    ),
  ],
);

/** Each return to an earlier time. The newest row's epoch is the deployment's; it is pending until a person confirms it. */
export const recoveries = pgTable(
  'recoveries',
  {
    epoch: integer('epoch').primaryKey(),
    /** Stands in the references of what is made after it. Random: a backup may be restored twice, with the same epoch. */
    mark: text('mark').notNull(),
    backupId: uuid('backup_id').notNull(),
    backupAt: at('backup_at').notNull(),
    restoredAt: at('restored_at').notNull(),
    readingAt: at('reading_at'),
    confirmedAt: at('confirmed_at'),
    confirmedBy: text('confirmed_by'),
  },
  (table) => [
    uniqueIndex('recoveries_one_pending')
      .on(sql`(confirmed_at IS NULL)`)
      .where(sql`${table.confirmedAt} is null`),
    check('recoveries_confirmed_by_someone', sql`(${table.confirmedAt} is null) = (${table.confirmedBy} is null)`),
  ],
);
