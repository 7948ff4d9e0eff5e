import { beforeEach, expect, test } from 'vitest';
import { sql } from 'drizzle-orm';
import { useDatabase } from '../../../test/support/database.ts';
import { newId, type Page, type PageRequest } from '../../kernel/index.ts';
import { rows } from '../db/index.ts';
import { closeExceptions, listExceptions, openExceptions, type ExceptionInput, type ExceptionRow } from './index.ts';

const database = useDatabase();
const page = { after: null, limit: 50 };
beforeEach(() => database.run((ctx) => rows(ctx.tx, sql`DELETE FROM exceptions`)));

function stuck(subjectId: string, more: Partial<ExceptionInput> = {}): ExceptionInput {
  const cause = { code: 'x' };
  return { kind: 'order.unmapped', subjectKind: 'order', subjectId, shopId: null, cause, nextStep: 'Map it.', ...more };
}

const open = (inputs: ExceptionInput[]) => database.run((ctx) => openExceptions(ctx, inputs));

test('one that stands open is seen again with the newest cause, not opened twice', async () => {
  await open([stuck('o1'), stuck('o2')]);
  await open([stuck('o1', { cause: { code: 'y' }, nextStep: 'Map both.' }), stuck('o3'), stuck('o3')]);
  const { items } = await database.read((db) => listExceptions(db, page));
  expect(items).toHaveLength(3);
  expect(items.find((item) => item.subjectId === 'o1')).toMatchObject({
    seenCount: 2,
    cause: { code: 'y' },
    nextStep: 'Map both.',
    closedAt: null,
  });
  expect(items.find((item) => item.subjectId === 'o3')).toMatchObject({ seenCount: 1 });
});

test('one that was closed may be opened again, as another row', async () => {
  await open([stuck('o1')]);
  const key = { kind: 'order.unmapped', subjectKind: 'order', subjectId: 'o1' };
  expect(await database.run((ctx) => closeExceptions(ctx, [key, { ...key, subjectId: 'none' }]))).toBe(1);
  expect(await database.run((ctx) => closeExceptions(ctx, [key]))).toBe(0);
  await open([stuck('o1')]);
  const all = await database.read((db) => listExceptions(db, page, { state: 'all', subjectId: 'o1' }));
  expect(all.items.map((item) => item.closedAt === null)).toEqual([true, false]);
});

test('the list is filtered, paged by key and the same on both drivers', async () => {
  const shopId = newId();
  await open([...Array(7).keys()].map((number) => stuck(`o${number}`)));
  await open([stuck('o9', { kind: 'shipment.refused', subjectKind: 'shipment', shopId })]);
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const request: PageRequest = { after, limit: 3 };
    const read: Page<ExceptionRow> = await database.read((db) => listExceptions(db, request));
    const written = await database.run((ctx) => listExceptions(ctx.tx, request));
    expect(written).toEqual(read);
    seen.push(...read.items.map((item) => item.subjectId));
    after = read.next;
  } while (after !== null);
  expect(new Set(seen).size).toBe(8);
  expect(seen[0]).toBe('o9');
  for (const filter of [{ kind: 'shipment.refused' }, { shopId }, { subjectKind: 'shipment' }]) {
    const { items } = await database.read((db) => listExceptions(db, page, filter));
    expect(items.map((item) => item.subjectId)).toEqual(['o9']);
  }
});

test('many opened at once by two transactions in other orders do not deadlock', async () => {
  const inputs = [...Array(100).keys()].map((number) => stuck(`o${number}`));
  await Promise.all([open(inputs), open(inputs.toReversed()), open(inputs), open(inputs.toReversed())]);
  const { items } = await database.read((db) => listExceptions(db, { after: null, limit: 200 }));
  expect(items).toHaveLength(100);
  expect(items.every((item) => item.seenCount === 4)).toBe(true);
});
