import { sql } from 'drizzle-orm';
import { check, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, bytes } from '../platform/db/columns.ts';

/** Only the SHA-256 of a token is kept; `prefix` is its readable head, so that people can tell tokens apart. */
export const apiTokens = pgTable(
  'api_tokens',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    prefix: text('prefix').notNull(),
    hash: bytes('hash').notNull(),
    scopes: text('scopes').array().notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at'),
    revokedAt: at('revoked_at'),
    lastUsedAt: at('last_used_at'),
  },
  (table) => [
    uniqueIndex('api_tokens_hash').on(table.hash),
    check('api_tokens_scopes_named', sql`cardinality(${table.scopes}) > 0`),
  ],
);
