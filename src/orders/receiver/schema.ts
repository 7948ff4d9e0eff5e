import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at, bytes } from '../../platform/db/columns.ts';
import { orders } from '../schema.ts';

/** Who gets the parcel. Readable parts only under the order's own key, which erasure shreds. */
export const orderReceivers = pgTable(
  'order_receivers',
  {
    orderId: uuid('order_id')
      .primaryKey()
      .references(() => orders.id),
    /** { name, phone, city, region, postalCode, countryCode }, names and phones masked. */
    masked: jsonb('masked').notNull(),
    token: text('token'),
    ciphertext: bytes('ciphertext'),
    dataKey: bytes('data_key'),
    sourcePolicy: text('source_policy').notNull(),
    expiresAt: at('expires_at'),
    /** Keyed hash of the normalised receiver: equal for orders that may share a parcel. */
    mergeKey: bytes('merge_key'),
    phoneTailKey: bytes('phone_tail_key'),
    nameKey: bytes('name_key'),
    erasedAt: at('erased_at'),
  },
  (table) => [
    index('order_receivers_by_merge_key').on(table.mergeKey),
    check('order_receivers_policy_known', sql`${table.sourcePolicy} in ('plain', 'masked', 'token')`),
    check('order_receivers_sealed_with_key', sql`(${table.ciphertext} is null) = (${table.dataKey} is null)`),
  ],
);
