import { sql } from 'drizzle-orm';
import { bigint, check, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, bytes, keyText } from '../db/columns.ts';

/** What people, tokens and settings did. Sealed later, in order, by an HMAC chain; unsealed rows have no position. */
export const auditEntries = pgTable(
  'audit_entries',
  {
    id: uuid('id').primaryKey(),
    at: at('at').notNull(),
    actorKind: text('actor_kind').notNull(),
    actorId: keyText('actor_id').notNull(),
    action: keyText('action').notNull(),
    subjectKind: text('subject_kind').notNull(),
    subjectId: keyText('subject_id'),
    data: jsonb('data').notNull(),
    requestId: text('request_id'),
    sealPosition: bigint('seal_position', { mode: 'number' }),
    seal: bytes('seal'),
  },
  (table) => [
    index('audit_entries_by_time').on(table.at.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index('audit_entries_by_subject').on(table.subjectKind, table.subjectId),
    uniqueIndex('audit_entries_seal_position').on(table.sealPosition),
    index('audit_entries_unsealed')
      .on(table.id)
      .where(sql`${table.sealPosition} is null`),
    check('audit_entries_sealed_wholly', sql`(${table.sealPosition} is null) = (${table.seal} is null)`),
  ],
);
