import { sql } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import { useListingWorld } from '../../test/support/factories/listing-world.ts';
import { recordingLog } from '../../test/support/quiet-log.ts';
import { channelListing } from '../../test/support/paper-channel.ts';
import { parseId, type ListingId, type ShopId, type SkuId } from '../kernel/index.ts';
import { rows } from '../platform/db/index.ts';
import {
  acceptProposals,
  bumpWantedVersions,
  findListingsToTell,
  getListing,
  mapListings,
  shopLane,
  unmapListings,
} from './index.ts';

const log = recordingLog();
const world = useListingWorld({ log });
const { database, events, onBoth, store, listed, listing, map } = world;
let shopId: ShopId;
let mug: SkuId;
let cup: SkuId;

beforeEach(() => {
  ({ shopId, mug, cup } = world.ids());
});

test('a mapping and a changed multiplier are announced and told; the same again is nothing', async () => {
  await store(channelListing('a', { sku: 'MUG' }));
  const listingId = await map('a', mug, 1);
  const first = await listing('a');
  expect(first).toMatchObject({ skuId: mug, proposedSkuId: null, wantedVersion: 2 });
  expect(events).toEqual([{ kind: 'listing.mapped', listingId, shopId }]);
  expect(database.rings).toEqual([shopLane(shopId)]);
  await map('a', mug, 1);
  expect(await listing('a')).toEqual(first);
  expect(events).toHaveLength(1);
  await map('a', mug, 6);
  expect(await listing('a')).toMatchObject({ multiplier: 6, wantedVersion: 3 });
  await map('a', cup, 6);
  expect(await listing('a')).toMatchObject({ skuId: cup, wantedVersion: 4 });
  expect(events).toHaveLength(3);
});

test('one bad mapping refuses the batch by its field', async () => {
  await store(channelListing('a'), channelListing('b'));
  const [a, b] = [(await listing('a')).listingId, (await listing('b')).listingId];
  const unknown = '0190f5fe-7c00-7a00-8000-000000000001';
  const good = { listingId: a, skuId: mug, multiplier: 1 };
  const refused = [
    [{ ...good, listingId: parseId<'listing'>(unknown, 'id') }, 'mappings.1.listingId', 'listing.unknown'],
    [{ ...good, listingId: b, skuId: parseId<'sku'>(unknown, 'id') }, 'mappings.1.skuId', 'sku.unknown'],
    [{ ...good, listingId: b, multiplier: 0 }, 'mappings.1.multiplier', 'input.invalid'],
    [{ ...good, listingId: b, multiplier: 1.5 }, 'mappings.1.multiplier', 'input.invalid'],
    [good, 'mappings.1.listingId', 'input.invalid'],
  ] as const;
  for (const [bad, path, code] of refused) {
    await expect(database.run((ctx) => mapListings(ctx, [good, bad]))).rejects.toMatchObject({
      code,
      fields: [{ path }],
    });
  }
  expect((await listed({ state: 'mapped' })).items).toEqual([]);
});

test('proposals are accepted by name or all at once, once', async () => {
  await store(
    channelListing('a', { sku: 'MUG' }),
    channelListing('b', { sku: 'CUP' }),
    channelListing('c', { barcode: '111' }),
    channelListing('none'),
  );
  const a = (await listing('a')).listingId;
  const none = (await listing('none')).listingId;
  const accept = (listingIds: ListingId[] | 'all') =>
    database.run((ctx) => acceptProposals(ctx, { shopId, listingIds }));
  expect(await accept([a, none])).toEqual([a]);
  expect(await accept('all')).toHaveLength(2);
  expect(await accept('all')).toEqual([]);
  const mapped = (await listed({ state: 'mapped' })).items;
  expect(mapped.map((one) => [one.externalId, one.skuId, one.multiplier, one.wantedVersion])).toEqual([
    ['a', mug, 1, 2],
    ['b', cup, 1, 2],
    ['c', mug, 1, 2],
  ]);
  expect(events.map((event) => event.kind)).toEqual(['listing.mapped', 'listing.mapped', 'listing.mapped']);
  const audit = await database.read((db) =>
    rows<{ n: number }>(
      db,
      sql`select count(*) as n from audit_entries where action = 'listing.proposals_accepted' and subject_id = ${shopId}`,
    ),
  );
  expect(audit[0]?.n).toBe(2);
});

test('an unmapped listing is not pushed and keeps no mapping', async () => {
  await store(channelListing('a'));
  const listingId = await map('a', mug, 6);
  expect(await database.run((ctx) => unmapListings(ctx, [listingId]))).toEqual([listingId]);
  expect(await database.run((ctx) => unmapListings(ctx, [listingId]))).toEqual([]);
  expect(await onBoth((db) => getListing(db, listingId))).toMatchObject({
    skuId: null,
    multiplier: 1,
    mappedAt: null,
  });
  expect(await onBoth((db) => findListingsToTell(db, shopId, 10, new Date()))).toEqual([]);
  expect(events.map((event) => event.kind)).toEqual(['listing.mapped', 'listing.unmapped']);
});

test('mapping, storing and bumping the same listings at once wait for each other and lose nothing', async () => {
  const facts = Array.from({ length: 190 }, (_, at) => channelListing(`race-${at}`));
  await store(...facts);
  const ids = (await listed()).items.map((one) => one.listingId);
  await database.run((ctx) =>
    mapListings(
      ctx,
      ids.map((listingId) => ({ listingId, skuId: mug, multiplier: 1 })),
    ),
  );
  const before = (await listing('race-0')).wantedVersion;
  const rounds = 8;
  log.lines.length = 0;
  await Promise.all(
    Array.from({ length: rounds }, async (_, round) => {
      await database.run((ctx) => bumpWantedVersions(ctx, [mug, cup]));
      await store(
        ...(round % 2 === 0 ? facts : facts.toReversed()).map((one) => ({ ...one, title: `Round ${round}` })),
      );
      const mappings = ids.map((listingId) => ({ listingId, skuId: mug, multiplier: round + 2 }));
      await database.run((ctx) => mapListings(ctx, round % 2 === 0 ? mappings : mappings.toReversed()));
    }),
  );
  expect(log.lines.filter((line) => line.message === 'transaction tried again')).toEqual([]);
  const after = (await listed()).items;
  expect(new Set(after.map((one) => one.multiplier)).size).toBe(1);
  expect(new Set(after.map((one) => one.wantedVersion))).toEqual(new Set([before + 2 * rounds]));
});
