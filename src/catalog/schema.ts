import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, keyText } from '../platform/db/columns.ts';

export const products = pgTable(
  'products',
  {
    id: uuid('id').primaryKey(),
    title: text('title').notNull(),
    state: text('state').notNull().default('active'),
    version: integer('version').notNull().default(1),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    index('products_by_time').on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    check('products_state_known', sql`${table.state} in ('draft', 'active', 'archived')`),
  ],
);

/** The thing that is stocked and picked. `code` is what people and channels call it. */
export const skus = pgTable(
  'skus',
  {
    id: uuid('id').primaryKey(),
    productId: uuid('product_id')
      .notNull()
      .references(() => products.id),
    code: keyText('code').notNull(),
    title: text('title').notNull(),
    weightG: integer('weight_g'),
    version: integer('version').notNull().default(1),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('skus_code').on(table.code),
    index('skus_by_product').on(table.productId),
    check('skus_weight_positive', sql`${table.weightG} > 0`),
  ],
);

/** A barcode names one SKU only, so a scan is never ambiguous; a SKU may have several. */
export const barcodes = pgTable(
  'barcodes',
  {
    code: keyText('code').primaryKey(),
    skuId: uuid('sku_id')
      .notNull()
      .references(() => skus.id),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('barcodes_by_sku').on(table.skuId)],
);
