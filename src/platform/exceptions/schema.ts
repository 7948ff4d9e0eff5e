import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, keyText } from '../db/columns.ts';

/** Anything stuck, with its cause, its owner and what would free it. Open while `closed_at` is null, once per subject. */
export const exceptions = pgTable(
  'exceptions',
  {
    id: uuid('id').primaryKey(),
    kind: keyText('kind').notNull(),
    subjectKind: text('subject_kind').notNull(),
    subjectId: keyText('subject_id').notNull(),
    shopId: uuid('shop_id'),
    cause: jsonb('cause').notNull(),
    nextStep: text('next_step').notNull(),
    owner: text('owner'),
    openedAt: at('opened_at').notNull(),
    seenAt: at('seen_at').notNull(),
    seenCount: integer('seen_count').notNull().default(1),
    closedAt: at('closed_at'),
  },
  (table) => [
    uniqueIndex('exceptions_open')
      .on(table.kind, table.subjectKind, table.subjectId)
      .where(sql`${table.closedAt} is null`),
    index('exceptions_by_time').on(table.openedAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
  ],
);
