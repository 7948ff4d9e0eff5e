import { sql } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { channelListing, connectPaper, paperDeps } from '../../test/support/paper-channel.ts';
import { createProducts } from '../catalog/index.ts';
import { newId, type ListingId, type ShopId, type SkuId, type WarehouseId } from '../kernel/index.ts';
import { firstRow, rows } from '../platform/db/index.ts';
import {
  bumpShopListings,
  bumpWantedVersions,
  changeShop,
  findListingsToTell,
  findShopsToTell,
  getListing,
  getShop,
  listListings,
  listLocations,
  mapListings,
  mapLocations,
  recordPushFailures,
  recordSeenStock,
  recordTold,
  shopLane,
  storeListings,
  storeLocations,
} from './index.ts';

/*
 * The plan of findListingsToTell, looked at by hand (PostgreSQL 18, 100,000 listings in four shops, 100 of them to tell):
 * Index Scan using listings_to_tell on shop_id, in the order of the index, with a filter on push_due_at; 0.2 ms for 28 rows.
 */

const database = useDatabase();
const deps = paperDeps(database);
let shopId: ShopId;
let skuId: SkuId;
let ids: ListingId[];

beforeEach(async () => {
  await database.run(async (ctx) => {
    ({ shopId } = await connectPaper(ctx, deps));
    const [product] = await createProducts(ctx, [
      { title: 'One', skus: [{ code: newId(), title: 'One', weightG: null, barcodes: [] }] },
    ]);
    skuId = product?.skus[0]?.skuId ?? newId();
    await storeListings(
      ctx,
      shopId,
      ['a', 'b', 'c'].map((id) => channelListing(id)),
    );
  });
  const page = await database.read((db) => listListings(db, { after: null, limit: 10 }, { shopId }));
  ids = page.items.map((one) => one.listingId);
  await database.run((ctx) =>
    mapListings(
      ctx,
      ids.map((listingId) => ({ listingId, skuId, multiplier: 1 })),
    ),
  );
  database.rings.length = 0;
});

const first = (): ListingId => ids[0] ?? newId();
const look = (listingId = first()) => database.read((db) => getListing(db, listingId));
const toTell = (limit = 10, now = new Date()) => database.read((db) => findListingsToTell(db, shopId, limit, now));
const tell = (version: number, quantity: number, listingId = first()) =>
  database.run((ctx) => recordTold(ctx, [{ listingId, version, quantity }]));
const wantedAt = async () =>
  (
    await database.read((db) =>
      firstRow<{ wantedAt: Date | null }>(db, sql`select wanted_at as "wantedAt" from listings where id = ${first()}`),
    )
  )?.wantedAt ?? null;
const bump = () => database.run((ctx) => bumpWantedVersions(ctx, [skuId]));
const see = (saleable: number, listingExternalId = 'a') =>
  database.run((ctx) => recordSeenStock(ctx, shopId, [{ listingExternalId, saleable }]));

test('what is to be told carries the version to acknowledge, and is gone once that is told', async () => {
  const due = await toTell();
  expect(due.map((one) => [one.externalId, one.skuId, one.wantedVersion, one.toldQuantity])).toEqual([
    ['a', skuId, 2, null],
    ['b', skuId, 2, null],
    ['c', skuId, 2, null],
  ]);
  expect(await toTell(2)).toHaveLength(2);
  expect(
    await database.run((ctx) =>
      recordTold(
        ctx,
        due.map((one) => ({ listingId: one.listingId, version: 2, quantity: 5 })),
      ),
    ),
  ).toHaveLength(3);
  expect(await toTell()).toEqual([]);
  await bump();
  expect((await toTell()).map((one) => one.toldQuantity)).toEqual([5, 5, 5]);
  expect(database.rings).toEqual([shopLane(shopId)]);
});

test('a number that changes while it is sent stays to be told', async () => {
  const [due] = await toTell(1);
  await bump();
  await tell(due?.wantedVersion ?? 0, 7);
  expect(await look()).toMatchObject({ toldVersion: 2, toldQuantity: 7, wantedVersion: 3 });
  expect((await toTell()).map((one) => one.externalId)).toContain('a');
});

test('a push says how long the number had waited since it first changed, and nothing where it had not changed', async () => {
  await tell(2, 1);
  expect(await tell(2, 1)).toEqual([{ listingId: first(), delayMs: null }]);
  await bump();
  const changedAt = await wantedAt();
  await bump();
  expect(await wantedAt()).toEqual(changedAt);
  const [late] = await tell(3, 2);
  expect(late?.delayMs).toBeGreaterThanOrEqual(0);
  expect((await wantedAt())?.getTime()).toBeGreaterThanOrEqual(changedAt?.getTime() ?? Infinity);
  await tell(4, 2);
  expect(await wantedAt()).toBeNull();
});

test('the told version never falls, whatever the order of the answers', async () => {
  await bump();
  await bump();
  expect(await tell(4, 1)).toHaveLength(1);
  expect(await tell(3, 9)).toEqual([]);
  expect(await look()).toMatchObject({ toldVersion: 4, toldQuantity: 1 });
  expect(await tell(4, 2)).toHaveLength(1);
  const both = [
    { listingId: first(), version: 4, quantity: 3 },
    { listingId: first(), version: 2, quantity: 8 },
  ];
  await database.run((ctx) => recordTold(ctx, both));
  expect(await look()).toMatchObject({ toldVersion: 4, toldQuantity: 3 });
  await Promise.all([1, 2, 3, 4].map((version) => tell(version, version * 10)));
  expect(await look()).toMatchObject({ toldVersion: 4, toldQuantity: 40 });
});

test('an acknowledgement of what was never wanted is refused by the database', async () => {
  await expect(tell(99, 1)).rejects.toMatchObject({ constraint: 'listings_told_not_ahead' });
});

test('bumps of one SKU at once all count', async () => {
  await Promise.all(Array.from({ length: 10 }, () => bump()));
  expect((await look()).wantedVersion).toBe(12);
});

test('a refused push waits for its time, and a told number ends the back-off', async () => {
  const dueAt = new Date(Date.now() + 60_000);
  const fail = () =>
    database.run((ctx) =>
      recordPushFailures(ctx, [{ listingId: first(), cause: { code: 'no', detail: "isn't" }, dueAt }]),
    );
  expect(await fail()).toEqual(new Map([[first(), 1]]));
  expect(await fail()).toEqual(new Map([[first(), 2]]));
  expect((await toTell()).map((one) => one.externalId)).toEqual(['b', 'c']);
  expect((await toTell(10, dueAt)).map((one) => [one.externalId, one.pushFailures])).toEqual([
    ['a', 2],
    ['b', 0],
    ['c', 0],
  ]);
  expect(await look()).toMatchObject({ pushCause: { code: 'no', detail: "isn't" }, pushDueAt: dueAt });
  await tell(2, 1);
  expect(await look()).toMatchObject({ pushFailures: 0, pushDueAt: null, pushCause: null });
});

test('a number seen that differs from the one told is told again, below zero counting as none', async () => {
  await tell(2, 5);
  expect(await see(5)).toEqual([]);
  expect(await look()).toMatchObject({ seenQuantity: 5, wantedVersion: 2 });
  expect(await see(4)).toEqual([first()]);
  expect(await look()).toMatchObject({ seenQuantity: 4, wantedVersion: 3, toldVersion: 2 });
  expect(await see(3)).toEqual([]);
  expect(await look()).toMatchObject({ seenQuantity: 3, wantedVersion: 3 });
  await tell(3, 0);
  expect(await see(-2)).toEqual([]);
  expect(await look()).toMatchObject({ seenQuantity: 0, wantedVersion: 3 });
  expect(await see(1, 'unknown')).toEqual([]);
});

test('a shop that does not push, or is paused, is not told', async () => {
  const shops = () => database.read((db) => findShopsToTell(db, new Date()));
  expect(await shops()).toContain(shopId);
  const { version } = await database.read((db) => getShop(db, shopId));
  await database.run((ctx) => changeShop(ctx, deps, { shopId, version, pushesStock: false }));
  expect(await toTell()).toEqual([]);
  expect(await shops()).not.toContain(shopId);
  await database.run((ctx) => changeShop(ctx, deps, { shopId, version: version + 1, pushesStock: true }));
  expect(await toTell()).toHaveLength(3);
  await database.run((ctx) =>
    rows(ctx.tx, sql`update shop_health set paused_until = ${new Date(Date.now() + 60_000)}`),
  );
  expect(await shops()).not.toContain(shopId);
  await database.run((ctx) => rows(ctx.tx, sql`update shop_health set paused_until = null`));
});

test('a change of the whole shop bumps each mapped listing once', async () => {
  await database.run((ctx) => bumpShopListings(ctx, shopId));
  expect(await Promise.all(ids.map(async (id) => (await look(id)).wantedVersion))).toEqual([3, 3, 3]);
});

async function newWarehouse(): Promise<WarehouseId> {
  const warehouseId = newId<'warehouse'>();
  await database.run((ctx) =>
    rows(
      ctx.tx,
      sql`insert into warehouses (id, code, name, country_code, time_zone, created_at, updated_at)
          values (${warehouseId}, ${warehouseId}, 'W', 'DE', 'Europe/Berlin', ${ctx.now}, ${ctx.now})`,
    ),
  );
  return warehouseId;
}

test('locations keep their warehouses and ranks when they are listed again, may swap them, and are told by them', async () => {
  const list = (...names: string[]) =>
    database.run((ctx) =>
      storeLocations(
        ctx,
        shopId,
        names.map((name) => ({ externalId: name, name: `${name}!` })),
      ),
    );
  const locations = async () =>
    (await database.read((db) => listLocations(db, shopId))).map((one) => [one.externalId, one.warehouseId, one.rank]);
  await list('east', 'west');
  expect(await locations()).toEqual([
    ['east', null, 0],
    ['west', null, 1],
  ]);
  const [one, two] = [await newWarehouse(), await newWarehouse()];
  const map = (...mappings: Parameters<typeof mapLocations>[2][number][]) =>
    database.run((ctx) => mapLocations(ctx, shopId, mappings));
  await map({ externalId: 'east', warehouseId: one, rank: 0 }, { externalId: 'west', warehouseId: two, rank: 1 });
  expect((await look()).wantedVersion).toBe(3);
  await map({ externalId: 'east', warehouseId: two, rank: 1 }, { externalId: 'west', warehouseId: one, rank: 0 });
  await list('north');
  await list();
  expect(await locations()).toEqual([
    ['west', one, 0],
    ['east', two, 1],
    ['north', null, 2],
  ]);
  await list('east');
  expect((await locations()).map(([externalId]) => externalId)).toEqual(['west', 'east']);
  const refused = [
    [{ externalId: 'south', warehouseId: one, rank: 0 }, 'location.unknown', 'locations.0.externalId'],
    [{ externalId: 'east', warehouseId: one, rank: 0 }, 'location.warehouse_taken', 'locations.0.warehouseId'],
    [{ externalId: 'east', warehouseId: newId<'warehouse'>(), rank: 0 }, 'warehouse.unknown', 'locations'],
    [{ externalId: 'east', warehouseId: two, rank: -1 }, 'input.invalid', 'locations.0.rank'],
  ] as const;
  for (const [bad, code, path] of refused) {
    await expect(map(bad)).rejects.toMatchObject({ code, fields: [{ path }] });
  }
});
