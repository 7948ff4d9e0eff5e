import { beforeEach, expect, test } from 'vitest';
import { useListingWorld } from '../../test/support/factories/listing-world.ts';
import { channelListing, connectPaper } from '../../test/support/paper-channel.ts';
import { createProducts } from '../catalog/index.ts';
import { type PageRequest, type ShopId, type SkuId } from '../kernel/index.ts';
import {
  listListings,
  recordTold,
  refreshProposals,
  resolveListings,
  shopLane,
  storeListings,
  type ListingFilters,
} from './index.ts';

const world = useListingWorld();
const { database, deps, events, onBoth, store, listed, listing, map } = world;
let shopId: ShopId;
let mug: SkuId;
let cup: SkuId;

beforeEach(() => {
  ({ shopId, mug, cup } = world.ids());
});

test('an exact code proposes before a barcode, nothing else does, and nothing is mapped by itself', async () => {
  const stored = await store(
    channelListing('by-code', { sku: 'MUG', barcode: '222' }),
    channelListing('by-barcode', { sku: 'mug', barcode: '222' }),
    channelListing('neither', { sku: 'MUG ', barcode: '22' }),
    channelListing('bare'),
  );
  expect(stored).toEqual({ created: 4, changed: 0, unchanged: 0 });
  const { items } = await listed();
  expect(items.map((one) => [one.externalId, one.proposedSkuId, one.proposedBy, one.skuId])).toEqual([
    ['bare', null, null, null],
    ['by-barcode', cup, 'barcode', null],
    ['by-code', mug, 'sku', null],
    ['neither', null, null, null],
  ]);
  expect(events).toEqual([]);
});

test('the same listings again write nothing, and of two in one batch the later counts', async () => {
  await store(channelListing('a'), channelListing('b'));
  const before = await listing('a');
  expect(await store(channelListing('a'), channelListing('b'))).toEqual({ created: 0, changed: 0, unchanged: 2 });
  expect(await listing('a')).toEqual(before);
  const twice = await store(channelListing('a', { title: 'old' }), channelListing('a', { title: 'new', price: null }));
  expect(twice).toEqual({ created: 0, changed: 1, unchanged: 0 });
  expect(await listing('a')).toMatchObject({ title: 'new', price: null, version: before.version + 1 });
});

test('a mapping is never undone or proposed over by what the channel says', async () => {
  await store(channelListing('a'));
  await map('a', cup, 6);
  await store(channelListing('a', { sku: 'MUG', title: 'Renamed' }));
  expect(await listing('a')).toMatchObject({ skuId: cup, multiplier: 6, proposedSkuId: null, title: 'Renamed' });
});

test('a listing that comes back on sale, or is counted again, is to be told again', async () => {
  await store(channelListing('a'));
  const listingId = await map('a');
  const told = await listing('a');
  await database.run((ctx) => recordTold(ctx, [{ listingId, version: told.wantedVersion, quantity: 3 }]));
  await store(channelListing('a', { isActive: false }));
  expect((await listed({ state: 'to_tell' })).items).toEqual([]);
  database.rings.length = 0;
  await store(channelListing('a', { isActive: true }));
  expect((await listed({ state: 'to_tell' })).items.map((one) => one.externalId)).toEqual(['a']);
  expect(database.rings).toEqual([shopLane(shopId)]);
  await store(channelListing('a', { tracksStock: false }));
  expect((await listed({ state: 'to_tell' })).items).toEqual([]);
});

test('a thousand listings are stored in one call, and more are refused', async () => {
  const many = Array.from({ length: 1_000 }, (_, at) =>
    channelListing(`many-${at}`, { sku: at === 500 ? 'CUP' : null }),
  );
  expect(await store(...many)).toEqual({ created: 1_000, changed: 0, unchanged: 0 });
  expect((await listed({ state: 'proposed' })).items.map((one) => one.externalId)).toEqual(['many-500']);
  await expect(store(...many, channelListing('one more'))).rejects.toMatchObject({ code: 'listing.too_many' });
  expect(await store()).toEqual({ created: 0, changed: 0, unchanged: 0 });
});

test('a SKU that comes later is proposed to those that wait, and a code wins over a barcode', async () => {
  await store(
    channelListing('late-code', { sku: 'LATE', barcode: '111' }),
    channelListing('late-barcode', { barcode: '333' }),
    channelListing('coded', { sku: 'MUG', barcode: '333' }),
    channelListing('mapped', { sku: 'LATE' }),
  );
  await map('mapped', cup);
  const [product] = await database.run((ctx) =>
    createProducts(ctx, [{ title: 'Late', skus: [{ code: 'LATE', title: 'Late', weightG: null, barcodes: ['333'] }] }]),
  );
  const late = product?.skus[0]?.skuId ?? mug;
  expect(await database.run((ctx) => refreshProposals(ctx, [late, late]))).toBe(2);
  const proposals = (await listed()).items.map((one) => [one.externalId, one.proposedSkuId, one.proposedBy]);
  expect(proposals).toEqual([
    ['coded', mug, 'sku'],
    ['late-barcode', late, 'barcode'],
    ['late-code', late, 'sku'],
    ['mapped', null, null],
  ]);
  expect(await database.run((ctx) => refreshProposals(ctx, [late]))).toBe(0);
});

test('two shops may use one external id, and resolving asks only its own', async () => {
  await store(channelListing('same'));
  await map('same', mug, 2);
  const other = await database.run((ctx) => connectPaper(ctx, deps));
  await database.run((ctx) => storeListings(ctx, other.shopId, [channelListing('same')]));
  const own = await onBoth((db) => resolveListings(db, shopId, ['same', 'none']));
  expect([...own]).toEqual([['same', { listingId: (await listing('same')).listingId, skuId: mug, multiplier: 2 }]]);
  const theirs = await onBoth((db) => resolveListings(db, other.shopId, ['same']));
  expect(theirs.get('same')).toMatchObject({ skuId: null, multiplier: 1 });
});

test('the list filters, searches and pages through every listing of a shop once', async () => {
  await store(
    ...Array.from({ length: 7 }, (_, at) =>
      channelListing(`p-${at}`, { sku: at === 3 ? 'Ab_c' : null, title: `Pot ${at}%` }),
    ),
  );
  await map('p-1');
  const found: string[] = [];
  let page: PageRequest = { after: null, limit: 3 };
  for (;;) {
    const { items, next } = await onBoth((db) => listListings(db, page, { shopId }));
    found.push(...items.map((item) => item.externalId));
    if (next === null) break;
    page = { after: next, limit: 3 };
  }
  expect(found).toEqual(['p-0', 'p-1', 'p-2', 'p-3', 'p-4', 'p-5', 'p-6']);
  const search = async (filters: ListingFilters) => (await listed(filters)).items.map((item) => item.externalId);
  expect(await search({ search: 'ab_' })).toEqual(['p-3']);
  expect(await search({ search: 'p-4' })).toEqual(['p-4']);
  expect(await search({ search: '2%' })).toEqual(['p-2']);
  expect(await search({ skuId: mug })).toEqual(['p-1']);
  expect(await search({ state: 'unmapped' })).toHaveLength(6);
  expect(await search({ state: 'failing' })).toEqual([]);
});
