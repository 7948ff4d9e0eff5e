import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../../src/kernel/index.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { checkSameRows } from './same-rows.ts';

const opened: TestDatabase[] = [];

afterAll(async () => {
  for (const database of opened) await database.close();
});

type Written = {
  readonly products?: number;
  readonly skus?: number;
  readonly title?: string;
  readonly weightG?: number | null;
};

/** What one side has written: by a session that has ended, as both sides of the bench do. */
async function side(written: Written, ...also: readonly string[]): Promise<TestDatabase> {
  const database = await createTestDatabase();
  opened.push(database);
  const { products = 10, skus = products, title = 'A blue mug of stoneware, 0.3 l', weightG = 300 } = written;
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  for (const statement of also.filter((text) => /^(drop|alter)/.test(text))) await client.query(statement);
  const ids = Array.from({ length: products }, () => newId<'product'>());
  await client.query(
    `insert into products (id, title, created_at, updated_at) select id, $2, now(), now() from unnest($1::uuid[]) as t (id)`,
    [ids, title],
  );
  await client.query(
    `insert into skus (id, product_id, code, title, weight_g, created_at, updated_at)
     select id, id, 'SKU-' || row_number() over (), $2, $3, now(), now() from unnest($1::uuid[]) as t (id)`,
    [ids.slice(0, skus), title, weightG],
  );
  for (const statement of also.filter((text) => text.startsWith('update'))) await client.query(statement);
  await client.end();
  return database;
}

let product: TestDatabase;

beforeAll(async () => {
  product = await side({}, `update products set updated_at = now()`);
});

const honest: readonly (readonly [string, () => Promise<TestDatabase>])[] = [
  ['the same', () => side({}, `update products set updated_at = now()`)],
  ['the same, and updates less', () => side({})],
];

const dishonest: readonly (readonly [string, RegExp, () => Promise<TestDatabase>])[] = [
  ['a row less', /skus: 9 inserted and 0 updated against 10 inserted/, () => side({ skus: 9 })],
  ['no row of a table', /skus: 0 inserted/, () => side({ skus: 0 })],
  ['a column less', /skus\.weight_g: 0 written against 10/, () => side({ weightG: null })],
  ['shorter texts', /products: \d+ bytes against \d+/, () => side({ title: 'A mug' })],
  ['more updates', /skus: 10 inserted and 10 updated/, () => side({}, `update skus set updated_at = now()`)],
  ['an index less', /without CREATE UNIQUE INDEX announcements_shipment_order/, () => side({}, dropsAnIndex)],
  ['a check less', /without announcements announcements_state_known CHECK/, () => side({}, dropsACheck)],
  ['a table less', /without .*delivery_attempts/, () => side({}, 'drop table delivery_attempts cascade')],
  [
    'an unlogged table',
    /without backlog_samples is logged; with backlog_samples is not logged/,
    () => side({}, 'alter table backlog_samples set unlogged'),
  ],
];

const dropsAnIndex = 'drop index announcements_shipment_order';
const dropsACheck = `alter table announcements drop constraint announcements_state_known`;

it.each(honest)('a ceiling that writes %s is taken for one', async (_, open) => {
  await expect(checkSameRows(await open(), product)).resolves.toBeUndefined();
});

it.each(dishonest)('a ceiling that writes %s gives no figure', async (_, message, open) => {
  await expect(checkSameRows(await open(), product)).rejects.toThrow(message);
});
