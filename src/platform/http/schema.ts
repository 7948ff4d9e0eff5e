import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { at, bytes, keyText } from '../db/columns.ts';

/** One row a key and caller: the same key with another body is an error; with the same body, the stored answer. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    actorId: keyText('actor_id').notNull(),
    key: keyText('key').notNull(),
    requestHash: bytes('request_hash').notNull(),
    status: integer('status').notNull(),
    response: text('response').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.actorId, table.key] })],
);
