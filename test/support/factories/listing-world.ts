import { beforeAll, beforeEach, expect } from 'vitest';
import { createProducts } from '../../../src/catalog/index.ts';
import {
  listListings,
  mapListings,
  storeListings,
  type ListingFilters,
  type ListingRow,
  type ShopDeps,
} from '../../../src/channels/index.ts';
import type { ChannelListing } from '../../../src/connector-kit/index.ts';
import type { ListingId, ShopId, SkuId } from '../../../src/kernel/index.ts';
import type { AnyDb, DomainEvent } from '../../../src/platform/db/index.ts';
import { useDatabase, type TestDatabase, type TestDatabaseOptions } from '../database.ts';
import { connectPaper, paperDeps } from '../paper-channel.ts';

/** A shop without listings for each test, two SKUs (`MUG`, `CUP`) for all, and what mapping has announced. */
export type ListingWorld = {
  readonly database: TestDatabase;
  readonly deps: ShopDeps;
  /** `listing.mapped` and `listing.unmapped` of this test. */
  readonly events: DomainEvent[];
  ids(): { readonly shopId: ShopId; readonly mug: SkuId; readonly cup: SkuId };
  /** The same answer in a transaction and on the reading side. */
  onBoth<Answer>(query: (db: AnyDb) => Promise<Answer>): Promise<Answer>;
  store(...listings: ChannelListing[]): ReturnType<typeof storeListings>;
  listed(filters?: ListingFilters): ReturnType<typeof listListings>;
  listing(externalId: string): Promise<ListingRow>;
  /** One to one on the mug unless told otherwise. */
  map(externalId: string, skuId?: SkuId, multiplier?: number): Promise<ListingId>;
};

export function useListingWorld(options: TestDatabaseOptions = {}): ListingWorld {
  const events: DomainEvent[] = [];
  const database = useDatabase({
    ...options,
    markers: [
      {
        name: 'seen',
        kinds: ['listing.mapped', 'listing.unmapped'],
        mark: (_ctx, marked) => Promise.resolve(void events.push(...marked)),
      },
    ],
  });
  const deps = paperDeps(database);
  let skus: { mug: SkuId; cup: SkuId } | null = null;
  let shopId: ShopId | null = null;

  beforeAll(async () => {
    skus = await createMugAndCup(database);
  });

  beforeEach(async () => {
    ({ shopId } = await database.run((ctx) => connectPaper(ctx, deps)));
    events.length = 0;
    database.rings.length = 0;
  });

  const world: ListingWorld = {
    database,
    deps,
    events,
    ids() {
      if (skus === null || shopId === null) throw new Error('the world is ready inside tests and hooks');
      return { shopId, ...skus };
    },
    async onBoth(query) {
      const written = await database.run(({ tx }) => query(tx));
      expect(await database.read((db) => query(db))).toEqual(written);
      return written;
    },
    store: (...listings) => database.run((ctx) => storeListings(ctx, world.ids().shopId, listings)),
    listed: (filters = {}) =>
      world.onBoth((db) => listListings(db, { after: null, limit: 200 }, { shopId: world.ids().shopId, ...filters })),
    async listing(externalId) {
      const found = (await world.listed()).items.find((one) => one.externalId === externalId);
      if (found === undefined) throw new Error(`no listing ${externalId}`);
      return found;
    },
    async map(externalId, skuId = world.ids().mug, multiplier = 1) {
      const { listingId } = await world.listing(externalId);
      await database.run((ctx) => mapListings(ctx, [{ listingId, skuId, multiplier }]));
      return listingId;
    },
  };
  return world;
}

async function createMugAndCup(database: TestDatabase): Promise<{ mug: SkuId; cup: SkuId }> {
  const [product] = await database.run((ctx) =>
    createProducts(ctx, [
      {
        title: 'Mug',
        skus: [
          { code: 'MUG', title: 'Mug', weightG: null, barcodes: ['111'] },
          { code: 'CUP', title: 'Cup', weightG: null, barcodes: ['222'] },
        ],
      },
    ]),
  );
  const [mug, cup] = product?.skus ?? [];
  if (mug === undefined || cup === undefined) throw new Error('two SKUs were created');
  return { mug: mug.skuId, cup: cup.skuId };
}
