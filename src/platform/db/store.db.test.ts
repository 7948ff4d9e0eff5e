import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, useDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { manualClock } from '../../kernel/index.ts';
import { prepare, rows, type Marker } from './index.ts';

const markers: Marker[] = [
  { name: 'rings', kinds: ['told'], lanesOf: () => ['somewhere'] },
  { name: 'writes', kinds: ['written'], mark: () => Promise.resolve() },
];
const database = useDatabase({ markers });

const insert = prepare(
  'store_test',
  (now) => sql`insert into store_test (id, at) values (${sql.placeholder('id')}::int8, ${now}) returning id, at`,
);
type Stored = { readonly id: number; readonly at: Date };
const store = (on: TestDatabase, id: number, kinds: readonly string[] = []) =>
  on.store<Stored>({ statement: insert, values: { id }, kinds, raises: () => kinds.map((kind) => ({ kind })) });

const makeTable = (on: TestDatabase) =>
  on.run((ctx) => rows(ctx.tx, sql`create table store_test (id int8 primary key check (id > 0), at timestamptz(3))`));

describe('one statement as a transaction of its own', () => {
  beforeAll(async () => void (await makeTable(database)));

  it('answers with its rows, by Postgres’s clock, in whole milliseconds', async () => {
    const before = await database.run((ctx) => Promise.resolve(ctx.now));
    const [stored] = await store(database, 1);
    const after = await database.run((ctx) => Promise.resolve(ctx.now));
    expect(stored?.id).toBe(1);
    expect(stored?.at.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(stored?.at.getTime()).toBeLessThanOrEqual(after.getTime());
  });

  it('rings what its rows make due, after it is stored', async () => {
    database.rings.length = 0;
    await store(database, 2, ['told']);
    expect(database.rings).toEqual(['somewhere']);
    await expect(store(database, 2, ['told'])).rejects.toThrow(/duplicate key/);
    expect(database.rings).toEqual(['somewhere']);
  });

  it('stores nothing where it may raise what needs a transaction', async () => {
    await expect(store(database, 3, ['written'])).rejects.toThrow('the marker writes needs a transaction');
    expect(await database.read((db) => rows(db, sql`select id from store_test where id = 3`))).toEqual([]);
  });

  it('is refused inside another', async () => {
    await expect(database.run(() => store(database, 4))).rejects.toMatchObject({ code: 'database.nested_transaction' });
  });

  it('is tried again where it met a deadlock or a lock', async () => {
    await database.run((ctx) => rows(ctx.tx, sql`create sequence store_test_calls`));
    await database.run((ctx) =>
      rows(
        ctx.tx,
        sql`create function store_test_flaky() returns timestamptz language plpgsql as $$
            begin
              if nextval('store_test_calls') < 3 then raise exception 'struck' using errcode = '40P01'; end if;
              return clock_timestamp();
            end $$`,
      ),
    );
    const statement = prepare('store_flaky', () => sql`select 5::int8 as id, store_test_flaky() as at`);
    const found = await database.store<Stored>({ statement, values: {}, kinds: [], raises: () => [] });
    expect(found).toMatchObject([{ id: 5, at: expect.any(Date) }]);
  });
});

describe('with a clock of its own', () => {
  let simulated: TestDatabase;
  const clock = manualClock(new Date('2030-01-01T00:00:00.123Z'));
  beforeAll(async () => {
    simulated = await createTestDatabase({ clock });
    await makeTable(simulated);
  });
  afterAll(() => simulated.close());

  it('is stamped by that', async () => {
    expect(await store(simulated, 1)).toEqual([{ id: 1, at: new Date('2030-01-01T00:00:00.123Z') }]);
  });
});
