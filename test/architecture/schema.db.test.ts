import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmptyDatabase, useDatabase } from '../support/database.ts';
import { compareCatalogs, readCatalog, type CatalogException } from './catalog.ts';
import { listFiles, projectRoot } from './source-files.ts';

// drizzle-kit gives every array of the process a `random`, which other readers of this worker refuse.
Reflect.deleteProperty(Array.prototype, 'random');

/** A foreign key whose target lies in a higher slice, which a schema.ts may not import (config/rooms.json). */
function upwardKey(name: string, target: string): CatalogException {
  return {
    matches: new RegExp(`^foreign key ${name}: only in migrations: FOREIGN KEY .* REFERENCES ${target}\\(id\\)`),
    reason: `${target} belongs to a higher slice; a later migration adds the key once the table is there`,
  };
}

/** What schema.ts does not say, and why. */
const exceptions: readonly CatalogException[] = [
  {
    matches: /^(table|column|constraint) schema_migrations\b.*only in migrations/,
    reason: 'the list of applied migrations is made by migrate itself, before any of them',
  },
  {
    matches:
      /^(function refuse_(change_of_invoice|early_forgetting)|trigger invoice(s|_receivers)\.).*only in migrations/,
    reason: 'what is issued never changes: triggers say it, which drizzle cannot declare',
  },
  upwardKey('reservations.reservations_part_id_fk', 'order_line_parts'),
  upwardKey('reservations.reservations_shipment_line_id_fk', 'shipment_lines'),
  upwardKey('return_refunds.return_refunds_request_id_fk', 'channel_requests'),
  upwardKey('shop_locations.shop_locations_warehouse_id_fk', 'warehouses'),
  upwardKey('stock_demand.stock_demand_order_id_fk', 'orders'),
  upwardKey('stock_demand.stock_demand_part_id_fk', 'order_line_parts'),
];

const migrated = useDatabase();
let declared: { url: string; drop: () => Promise<void> } | null = null;
let fileCount = 0;

beforeAll(async () => {
  declared = await createEmptyDatabase();
  const files = listFiles(projectRoot, ['src'], ['/schema.ts']);
  fileCount = files.length;
  const statements = await sqlOfSchemas(files);
  await onDatabase(declared.url, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
});

afterAll(() => declared?.drop());

test('schema.ts and the migrations make the same database', async () => {
  const [fromMigrations, fromSchemas] = await bothCatalogs();
  expect(fileCount).toBeGreaterThan(0);
  expect(fromSchemas.size).toBeGreaterThan(100);
  expect(compareCatalogs(fromMigrations, fromSchemas, exceptions)).toEqual([]);
});

test.each([
  ['a new column', 'ALTER TABLE skus ADD COLUMN planted integer', 'column skus.planted: only in schema.ts: integer'],
  [
    'a lost rule',
    'ALTER TABLE orders DROP CONSTRAINT orders_total_adds_up',
    'constraint orders.orders_total_adds_up: only in migrations',
  ],
  [
    'a lost index',
    'DROP INDEX orders_by_external_number',
    'index orders.orders_by_external_number: only in migrations',
  ],
  [
    'a lost NOT NULL',
    'ALTER TABLE orders ALTER COLUMN currency DROP NOT NULL',
    'column orders.currency: migrations say text NOT NULL, schema.ts says text',
  ],
  ['a lost default', 'ALTER TABLE orders ALTER COLUMN priority DROP DEFAULT', 'column orders.priority: migrations say'],
  [
    'another collation',
    'ALTER TABLE orders ALTER COLUMN currency TYPE text COLLATE "POSIX"',
    'column orders.currency: migrations say',
  ],
  ['another sequence', 'CREATE SEQUENCE planted', 'sequence planted: only in schema.ts'],
])('%s is seen', async (_title, statement, problem) => {
  const [fromMigrations] = await bothCatalogs();
  const planted = await onDatabase(declaredUrl(), async (client) => {
    await client.query('BEGIN');
    await client.query(statement);
    const catalog = await readCatalog(client);
    await client.query('ROLLBACK');
    return catalog;
  });
  const problems = compareCatalogs(fromMigrations, planted, exceptions);
  expect(problems.filter((line) => line.startsWith(problem))).toHaveLength(1);
});

test('an exception that is no longer needed is reported', () => {
  const stale = [{ matches: /^table gone\b/, reason: 'planted' }];
  expect(compareCatalogs(new Map(), new Map(), stale)).toEqual(['the exception ^table gone\\b matches nothing']);
});

/** What drizzle-kit would run on an empty database to make everything that the files export. */
async function sqlOfSchemas(files: readonly string[]): Promise<string[]> {
  const exported: Record<string, unknown> = {};
  for (const file of files) {
    const module: unknown = await import(pathToFileURL(path.join(projectRoot, file)).href);
    for (const [name, value] of Object.entries(module as object)) exported[`${file} ${name}`] = value;
  }
  return generateMigration(generateDrizzleJson({}), generateDrizzleJson(exported));
}

function declaredUrl(): string {
  if (declared === null) throw new Error('the declared database is not ready');
  return declared.url;
}

async function bothCatalogs(): Promise<[Map<string, string>, Map<string, string>]> {
  return [await onDatabase(migrated.url, readCatalog), await onDatabase(declaredUrl(), readCatalog)];
}

async function onDatabase<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
