import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { recordingLog } from '../../test/support/quiet-log.ts';
import { parseId, type PageRequest } from '../kernel/index.ts';
import { rows, type AnyDb, type DomainEvent } from '../platform/db/index.ts';
import {
  addBarcodes,
  addSkus,
  changeProduct,
  changeSku,
  createProducts,
  findSkusByBarcodes,
  findSkusByCodes,
  getProduct,
  getSku,
  listProducts,
  listSkus,
  readSkus,
  removeBarcodes,
  type NewSku,
} from './index.ts';

const seen: DomainEvent[] = [];
const log = recordingLog();
const database = useDatabase({
  log,
  markers: [{ name: 'seen', kinds: ['sku.coded'], mark: (_ctx, events) => Promise.resolve(void seen.push(...events)) }],
});

async function onBoth<T>(query: (db: AnyDb) => Promise<T>): Promise<T> {
  const written = await database.run(({ tx }) => query(tx));
  expect(await database.read((db) => query(db))).toEqual(written);
  return written;
}

const sku = (code: string, facts: Partial<NewSku> = {}): NewSku => ({
  code,
  title: `SKU ${code}`,
  weightG: null,
  barcodes: [],
  ...facts,
});

function create(...skus: NewSku[]) {
  return database.run((ctx) => createProducts(ctx, [{ title: 'A product', skus }]));
}

async function countSkus(): Promise<number> {
  const [row] = await database.read((db) => rows<{ n: number }>(db, sql`select count(*) as n from skus`));
  return row?.n ?? -1;
}

const unknownId = '0190f5fe-7c00-7a00-8000-000000000001';

test('products come back in the order of the input, with trimmed codes, and are found by code and barcode', async () => {
  seen.length = 0;
  const created = await database.run((ctx) =>
    createProducts(ctx, [
      { title: ' Mug ', skus: [sku(' MUG-R ', { weightG: 350, barcodes: ['4006381333931'] }), sku('MUG-B')] },
      { title: 'Bare', skus: [] },
    ]),
  );
  expect(created.map((product) => product.skus.map(({ code }) => code))).toEqual([['MUG-R', 'MUG-B'], []]);
  const skuId = created[0]?.skus[0]?.skuId;
  expect(await onBoth((db) => findSkusByCodes(db, ['MUG-R', 'mug-r', 'none']))).toEqual(new Map([['MUG-R', skuId]]));
  expect(await onBoth((db) => findSkusByBarcodes(db, ['4006381333931', 'MUG-R']))).toEqual(
    new Map([['4006381333931', skuId]]),
  );
  expect(seen).toEqual([{ kind: 'sku.coded', skuIds: created[0]?.skus.map((one) => one.skuId) }]);
  const product = await onBoth((db) => getProduct(db, created[0]?.productId ?? parseId(unknownId, 'id')));
  expect(product).toMatchObject({ title: 'Mug', state: 'active', version: 1 });
  expect(product.skus.map((one) => [one.code, one.weightG, one.barcodes])).toEqual([
    ['MUG-B', null, []],
    ['MUG-R', 350, ['4006381333931']],
  ]);
});

test('a code that is taken, by a stored SKU or twice in the batch, names every field, and nothing is stored', async () => {
  await create(sku('TAKEN-1'), sku('TAKEN-2'));
  const before = await countSkus();
  await expect(
    database.run((ctx) =>
      createProducts(ctx, [
        { title: 'One', skus: [sku('FREE-1')] },
        { title: 'Two', skus: [sku('FREE-2'), sku('TAKEN-2'), sku(' TAKEN-1')] },
      ]),
    ),
  ).rejects.toMatchObject({
    kind: 'conflict',
    code: 'sku.code_taken',
    fields: [{ path: 'products.1.skus.1.code' }, { path: 'products.1.skus.2.code' }],
  });
  await expect(create(sku('TWICE'), sku('TWICE'))).rejects.toMatchObject({
    code: 'sku.code_taken',
    fields: [{ path: 'products.0.skus.1.code' }],
  });
  expect(await countSkus()).toBe(before);
});

test('bad fields are refused by name', async () => {
  const refused: [NewSku, string][] = [
    [sku(''), 'products.0.skus.0.code'],
    [sku('   '), 'products.0.skus.0.code'],
    [sku('x'.repeat(101)), 'products.0.skus.0.code'],
    [sku('nul\u0000byte'), 'products.0.skus.0.code'],
    [sku('T', { title: ' ' }), 'products.0.skus.0.title'],
    [sku('T', { weightG: 0 }), 'products.0.skus.0.weightG'],
    [sku('T', { weightG: 1.5 }), 'products.0.skus.0.weightG'],
    [sku('T', { barcodes: ['1', ''] }), 'products.0.skus.0.barcodes.1'],
  ];
  for (const [bad, path] of refused) {
    await expect(create(bad)).rejects.toMatchObject({ kind: 'invalid', fields: [{ path }] });
  }
  await expect(database.run((ctx) => createProducts(ctx, []))).rejects.toMatchObject({
    fields: [{ path: 'products' }],
  });
  await expect(create(sku('x'.repeat(100)))).resolves.toHaveLength(1);
});

test('two batches with the same codes in opposite order: one wins, the other is told, nobody deadlocks', async () => {
  for (let round = 0; round < 10; round += 1) {
    const codes = Array.from({ length: 200 }, (_, at) => sku(`RACE-${round}-${at}`));
    const results = await Promise.allSettled([create(...codes), create(...codes.toReversed())]);
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed).toHaveLength(1);
    expect(failed[0]?.reason).toMatchObject({ kind: 'conflict', code: 'sku.code_taken' });
  }
  expect(log.lines.filter((line) => line.message === 'transaction tried again')).toEqual([]);
});

test('a barcode names one SKU: its own again is no conflict, another one is', async () => {
  const [product] = await create(sku('BAR-1', { barcodes: ['B1'] }), sku('BAR-2'));
  const [one, two] = product?.skus ?? [];
  if (one === undefined || two === undefined) throw new Error('two SKUs were created');
  const add = (skuId: typeof one.skuId, ...barcodes: string[]) =>
    database.run((ctx) => addBarcodes(ctx, [{ skuId, barcodes }]));
  expect(await add(one.skuId, 'B1', 'B2', 'B2')).toBe(1);
  await expect(add(two.skuId, 'B3', 'B2')).rejects.toMatchObject({
    kind: 'conflict',
    code: 'barcode.taken',
    fields: [{ path: 'skus.0.barcodes.1' }],
  });
  await expect(
    database.run((ctx) =>
      addBarcodes(ctx, [
        { skuId: one.skuId, barcodes: ['B4'] },
        { skuId: two.skuId, barcodes: ['B4'] },
      ]),
    ),
  ).rejects.toMatchObject({ code: 'barcode.taken', fields: [{ path: 'skus.1.barcodes.0' }] });
  expect((await onBoth((db) => getSku(db, one.skuId))).barcodes).toEqual(['B1', 'B2']);
  expect(await database.run((ctx) => removeBarcodes(ctx, { skuId: one.skuId, barcodes: ['B2', 'B9'] }))).toBe(1);
  expect(await add(two.skuId, 'B2')).toBe(1);
  await expect(add(parseId(unknownId, 'skuId'), 'B5')).rejects.toMatchObject({
    code: 'sku.unknown',
    fields: [{ path: 'skus.0.skuId' }],
  });
});

test('SKUs are added to products that exist', async () => {
  const [product] = await create(sku('ADD-1'));
  if (product === undefined) throw new Error('a product was created');
  const { productId } = product;
  const added = await database.run((ctx) => addSkus(ctx, [{ productId, skus: [sku('ADD-2')] }]));
  expect(added.map(({ code }) => code)).toEqual(['ADD-2']);
  const unknown = parseId<'product'>(unknownId, 'productId');
  await expect(
    database.run((ctx) =>
      addSkus(ctx, [
        { productId, skus: [] },
        { productId: unknown, skus: [sku('ADD-3')] },
      ]),
    ),
  ).rejects.toMatchObject({ code: 'product.unknown', fields: [{ path: 'products.1.productId' }] });
});

test('a change is made to the version that was read, or refused', async () => {
  const [product] = await create(sku('EDIT-1', { weightG: 10 }));
  const skuId = product?.skus[0]?.skuId;
  if (product === undefined || skuId === undefined) throw new Error('a product was created');
  expect(await database.run((ctx) => changeSku(ctx, { skuId, version: 1, title: 'New' }))).toEqual({ version: 2 });
  await expect(database.run((ctx) => changeSku(ctx, { skuId, version: 1, weightG: null }))).rejects.toMatchObject({
    kind: 'precondition_failed',
    data: { version: 2 },
  });
  await database.run((ctx) => changeSku(ctx, { skuId, version: 2, weightG: null }));
  expect(await onBoth((db) => getSku(db, skuId))).toMatchObject({ title: 'New', weightG: null, version: 3 });
  const { productId } = product;
  await database.run((ctx) => changeProduct(ctx, { productId, version: 1, state: 'archived' }));
  expect(await onBoth((db) => getProduct(db, productId))).toMatchObject({
    title: 'A product',
    state: 'archived',
    version: 2,
  });
  await expect(
    database.run((ctx) => changeProduct(ctx, { productId, version: 1, title: 'Late' })),
  ).rejects.toMatchObject({ code: 'product.changed' });
});

test('the list of SKUs pages by code in byte order and finds by code prefix, title and barcode', async () => {
  const codes = ['z%_', 'Z-é', 'Z-a', 'Z-😀', 'Z-\uff5e'];
  await create(...codes.map((code) => sku(code, { title: `Zebra ${code}`, barcodes: [`bar ${code}`] })));
  const walk = async (search: string, limit: number) => {
    const found: string[] = [];
    let page: PageRequest = { after: null, limit };
    for (;;) {
      const { items, next } = await onBoth((db) => listSkus(db, { ...page, search }));
      found.push(...items.map((item) => item.code));
      if (next === null) return found;
      page = { after: next, limit };
    }
  };
  const sorted = codes.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(await walk('zebra', 2)).toEqual(sorted);
  expect(await walk('Z-', 10)).toEqual(sorted.filter((code) => code.startsWith('Z-')));
  expect(await walk('z%_', 10)).toEqual(['z%_']);
  expect(await walk('bar Z-a', 10)).toEqual(['Z-a']);
  expect(await walk('%', 10)).toEqual(['z%_']);
  await expect(database.read((db) => listSkus(db, { after: 'not a cursor', limit: 1 }))).rejects.toMatchObject({
    code: 'page.bad_cursor',
  });
});

test('the list of products pages newest first, even within one instant', async () => {
  const made = await database.run((ctx) =>
    createProducts(
      ctx,
      Array.from({ length: 5 }, (_, at) => ({ title: `Pageable ${at}`, skus: [] })),
    ),
  );
  const ids: string[] = [];
  let page: PageRequest = { after: null, limit: 2 };
  for (;;) {
    const { items, next } = await onBoth((db) => listProducts(db, { ...page, search: 'pageable' }));
    ids.push(...items.map((item) => item.productId));
    if (next === null) break;
    page = { after: next, limit: 2 };
  }
  expect(ids).toEqual(made.map((product) => product.productId).toReversed());
});

test('reading nothing asks nothing', async () => {
  expect(await onBoth((db) => readSkus(db, []))).toEqual(new Map());
  expect(await onBoth((db) => findSkusByCodes(db, []))).toEqual(new Map());
});

test('who may only read is told which scope is missing', async () => {
  const reader = { kind: 'token', id: 'r', name: 'r', scopes: ['catalog:read'] } as const;
  await expect(
    database.transact({ actor: reader }, (ctx) => createProducts(ctx, [{ title: 'No', skus: [] }])),
  ).rejects.toMatchObject({ kind: 'forbidden', data: { scope: 'catalog:write' } });
});
