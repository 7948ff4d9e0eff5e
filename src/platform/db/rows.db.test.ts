import { sql, type SQL } from 'drizzle-orm';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { useDatabase } from '../../../test/support/database.ts';
import { at, bytes, int8, keyText, list, rows, type AnyDb, type ListType } from './index.ts';

const database = useDatabase();

/** Runs a query on both drivers; the test fails where they differ. */
async function onBoth<T>(query: (db: AnyDb) => Promise<T>): Promise<T> {
  const written = await database.run(({ tx }) => query(tx));
  const read = await database.read((db) => query(db));
  expect(read).toEqual(written);
  return written;
}

async function value(expression: SQL): Promise<unknown> {
  const [row] = await onBoth((db) => rows<{ value: unknown }>(db, sql`select ${expression} as value`));
  return row?.value;
}

test('rows gives the same values on both drivers, type by type', async () => {
  const uuid = '0190f5fe-7c00-7a00-8000-000000000001';
  expect(await value(sql`9007199254740991::int8`)).toBe(Number.MAX_SAFE_INTEGER);
  expect(await value(sql`count(*)`)).toBe(1);
  expect(await value(sql`7::int2`)).toBe(7);
  expect(await value(sql`1.5::float8`)).toBe(1.5);
  expect(await value(sql`12.3400::numeric(20,4)`)).toBe('12.3400');
  expect(await value(sql`true`)).toBe(true);
  expect(await value(sql`null::int8`)).toBe(null);
  expect(await value(sql`'2026-03-29 01:30:00.123+02'::timestamptz(3)`)).toEqual(new Date('2026-03-28T23:30:00.123Z'));
  expect(await value(sql`'2026-03-29 01:30:00.123456+02'::timestamptz::text`)).toBe('2026-03-28 23:30:00.123456+00');
  expect(await value(sql`'2026-03-29'::date`)).toBe('2026-03-29');
  expect(await value(sql`'01:30'::time`)).toBe('01:30:00');
  expect(await value(sql`'{"a":[1,"é",null]}'::jsonb`)).toEqual({ a: [1, 'é', null] });
  expect(await value(sql`'"text"'::jsonb`)).toBe('text');
  expect(await value(sql`'null'::jsonb`)).toBe(null);
  expect(await value(sql`'[1]'::json`)).toEqual([1]);
  expect(await value(sql`'\\x00ff'::bytea`)).toEqual(Buffer.from([0, 255]));
  expect(await value(sql`${uuid}::uuid`)).toBe(uuid);
});

test('rows gives the same arrays on both drivers, with nulls inside', async () => {
  const instant = new Date('2026-03-28T23:30:00.123Z');
  expect(await value(sql`array[1, null, 9007199254740991]::int8[]`)).toEqual([1, null, Number.MAX_SAFE_INTEGER]);
  expect(await value(sql`array[1, null]::int4[]`)).toEqual([1, null]);
  expect(await value(sql`array['a"b\\', null, 'NULL', '', 'x,y{}']::text[]`)).toEqual([
    'a"b\\',
    null,
    'NULL',
    '',
    'x,y{}',
  ]);
  expect(await value(sql`array[1.50, null]::numeric[]`)).toEqual(['1.50', null]);
  expect(await value(sql`array[${instant.toISOString()}, null]::timestamptz[]`)).toEqual([instant, null]);
  expect(await value(sql`array['2026-03-29', null]::date[]`)).toEqual(['2026-03-29', null]);
  expect(await value(sql`array[true, null]::bool[]`)).toEqual([true, null]);
  expect(await value(sql`array['{"a":1}', null]::jsonb[]`)).toEqual([{ a: 1 }, null]);
  expect(await value(sql`'{}'::uuid[]`)).toEqual([]);
  expect(await value(sql`array_agg('a'::name)`)).toEqual(['a']);
});

test('an int8 that a number cannot hold is an error on both drivers, not a rounded number', async () => {
  const tooLarge = (db: AnyDb): Promise<unknown> => rows(db, sql`select 9007199254740993::int8 as value`);
  await expect(database.run(({ tx }) => tooLarge(tx))).rejects.toThrow(RangeError);
  await expect(database.read(tooLarge)).rejects.toThrow(RangeError);
});

test('plain parameters mean the same on both drivers', async () => {
  const instant = new Date('2026-10-25T00:30:00.007Z');
  expect(await value(sql`${instant}::timestamptz`)).toEqual(instant);
  expect(await value(sql`${{ a: [1] }}::jsonb`)).toEqual({ a: [1] });
  expect(await value(sql`${Buffer.from('é')}::bytea`)).toEqual(Buffer.from('é'));
  expect(await value(sql`${2n ** 40n}::int8`)).toBe(2 ** 40);
  expect(await value(sql`${false}::bool`)).toBe(false);
  expect(await value(sql`${null}::text`)).toBe(null);
  expect(await onBoth((db) => rows(db, sql`select n from generate_series(1, 5) n limit ${2}`))).toEqual([
    { n: 1 },
    { n: 2 },
  ]);
});

const lists: { [Type in ListType]: { given: unknown[]; found: unknown[] } } = {
  text: {
    given: ['a', null, 'NULL', '', ' "q" \\ {x,y}\n', '合单'],
    found: ['a', null, 'NULL', '', ' "q" \\ {x,y}\n', '合单'],
  },
  uuid: {
    given: ['0190f5fe-7c00-7a00-8000-000000000001', null],
    found: ['0190f5fe-7c00-7a00-8000-000000000001', null],
  },
  int4: { given: [1, -2, null], found: [1, -2, null] },
  int8: { given: [Number.MAX_SAFE_INTEGER, 5n, null], found: [Number.MAX_SAFE_INTEGER, 5, null] },
  numeric: { given: ['0.00022', 1.5, null], found: ['0.00022', '1.5', null] },
  bool: { given: [true, false, null], found: [true, false, null] },
  timestamptz: {
    given: [new Date('2026-01-01T00:00:00.001Z'), '2026-01-01 00:00:00+01', null],
    found: [new Date('2026-01-01T00:00:00.001Z'), new Date('2025-12-31T23:00:00Z'), null],
  },
  date: { given: ['2026-02-28', null], found: ['2026-02-28', null] },
  jsonb: { given: [{ a: '"\\' }, [1, null], 'text', 3, null], found: [{ a: '"\\' }, [1, null], 'text', 3, null] },
  bytea: { given: [Buffer.from([0, 92, 34]), null], found: [Buffer.from([0, 92, 34]), null] },
};

test.each(Object.entries(lists))('list(%s) is one array parameter on both drivers', async (type, { given, found }) => {
  const parameter = list(type as ListType, given as never[]);
  const unnested = await onBoth((db) =>
    rows<{ value: unknown }>(db, sql`select value from unnest(${parameter}) with ordinality as t(value, n) order by n`),
  );
  expect(unnested.map((row) => row.value)).toEqual(found);
  expect(await value(parameter)).toEqual(found);
  expect(await value(list(type as ListType, []))).toEqual([]);
});

test('a list of bytes is the same as bytes and as text, whatever is in it', async () => {
  const elements = fc.array(fc.option(fc.uint8Array({ maxLength: 300 })), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(elements, async (given) => {
      expect(await value(list('bytea', given))).toEqual(given.map((bytes) => bytes && Buffer.from(bytes)));
    }),
    { numRuns: 30 },
  );
});

test('list refuses a number that is not a safe integer where integers are asked for', () => {
  expect(() => list('int8', [1.5])).toThrow(RangeError);
  expect(() => list('int4', [Number.NaN])).toThrow(RangeError);
});

test('the column types read back on both drivers what was written', async () => {
  const things = pgTable('column_types', {
    key: keyText().primaryKey(),
    madeAt: at(),
    body: bytes(),
    size: int8(),
    n: integer(),
    names: text().array(),
  });
  const row = {
    key: 'é',
    madeAt: new Date('2026-06-30T22:00:00.999Z'),
    body: Buffer.from([1, 0, 2]),
    size: Number.MAX_SAFE_INTEGER,
    n: null,
    names: ['a,"b"', 'é'],
  };
  await database.run(async ({ tx }) => {
    await rows(
      tx,
      sql`create table column_types (
        "key" text collate "C" primary key, "madeAt" timestamptz(3), "body" bytea, "size" bigint, "n" int4, "names" text[])`,
    );
    await tx.insert(things).values(row);
  });
  expect(await onBoth((db) => db.select().from(things))).toEqual([row]);
});

test('a failed statement is thrown as the driver threw it, without its parameters', async () => {
  const failing = (db: AnyDb): Promise<unknown> => rows(db, sql`select ${'a secret'}::text, 1 / 0`);
  for (const run of [() => database.run(({ tx }) => failing(tx)), () => database.read(failing)]) {
    const error: unknown = await run().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: '22012' });
    expect(String(error)).not.toContain('Failed query');
  }
});
