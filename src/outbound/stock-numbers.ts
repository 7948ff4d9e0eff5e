import type { ListingToTell, ShopSession } from '../channels/index.ts';
import { listLocations } from '../channels/index.ts';
import type { StockPush } from '../connector-kit/index.ts';
import type { ListingId, WarehouseId } from '../kernel/index.ts';
import { openOnChannelUnits } from '../orders/index.ts';
import type { AnyDb } from '../platform/db/index.ts';
import { promiseTerms, type PromiseTerms } from '../stock/index.ts';
import { findFreeStock, findUnitsInFlight } from './queries.ts';
import { splitByLocation, type LocationStock } from './split-by-location.ts';

/** How a number comes about: `saleable = floor(promised ÷ multiplier)`, and what is told is `saleable + addBack.units`. */
export type NumberTerms = {
  readonly promise: PromiseTerms;
  /** What is left of the promise above nothing, in SKU units. */
  readonly promised: number;
  readonly multiplier: number;
  /** SKU units that fill no whole unit of the listing. */
  readonly leftOver: number;
  /** Listing units that the channel subtracts itself; null where the channel shows what may be bought. */
  readonly addBack: {
    /** Sold here, neither cancelled nor shown as fulfilled on the channel. */
    readonly open: number;
    /** Of those, units whose announcement may already have landed. */
    readonly inFlight: number;
    readonly units: number;
  } | null;
};

export type StockNumber = {
  readonly listing: ListingToTell;
  /** What a buyer of this shop may buy, in listing units. */
  readonly saleable: number;
  readonly terms: NumberTerms;
  readonly push: StockPush;
};

/** What numbers depend on of a shop and its channel. */
export type NumberSource = {
  readonly shop: Pick<ShopSession['shop'], 'shopId'>;
  readonly connector: Pick<ShopSession['connector'], 'stock'>;
};

/**
 * The numbers to tell now (DESIGN §1.7). saleable = max(0, available to promise) ÷ multiplier, rounded down; a channel that
 * subtracts its own allocations gets its open units added back, less those whose announcement may already have landed.
 * Read on one snapshot together with the listings' versions.
 */
export async function stockNumbers(
  db: AnyDb,
  source: NumberSource,
  listings: readonly ListingToTell[],
): Promise<StockNumber[]> {
  const skuIds = [...new Set(listings.map((listing) => listing.skuId))];
  const promises = await promiseTerms(db, source.shop.shopId, skuIds);
  const addBackOf = await addBacks(
    db,
    source,
    listings.map((listing) => listing.listingId),
  );
  const places = await placesOf(db, source, listings);
  return listings.map((listing) => {
    const promise = promises.get(listing.skuId) ?? { warehouses: [], claims: [], units: 0 };
    const promised = Math.max(0, promise.units);
    const saleable = Math.floor(promised / listing.multiplier);
    const addBack = addBackOf(listing.listingId);
    return {
      listing,
      saleable,
      terms: {
        promise,
        promised,
        multiplier: listing.multiplier,
        leftOver: promised - saleable * listing.multiplier,
        addBack,
      },
      push: {
        listingExternalId: listing.externalId,
        quantity: saleable + (addBack?.units ?? 0),
        locations: splitByLocation(saleable, places(listing)),
        version: String(listing.wantedVersion),
      },
    };
  });
}

async function addBacks(
  db: AnyDb,
  source: NumberSource,
  listingIds: readonly ListingId[],
): Promise<(listingId: ListingId) => NumberTerms['addBack']> {
  if (source.connector.stock?.meaning !== 'on_hand') return () => null;
  const openUnits = await openOnChannelUnits(db, listingIds);
  const unitsInFlight = await findUnitsInFlight(db, listingIds);
  return (listingId) => {
    const open = openUnits.get(listingId) ?? 0;
    const inFlight = unitsInFlight.get(listingId) ?? 0;
    return { open, inFlight, units: Math.max(0, open - inFlight) };
  };
}

async function placesOf(
  db: AnyDb,
  source: NumberSource,
  listings: readonly ListingToTell[],
): Promise<(listing: ListingToTell) => LocationStock[]> {
  const locations = await listLocations(db, source.shop.shopId);
  const warehouseIds = locations.flatMap((each) => (each.warehouseId === null ? [] : [each.warehouseId]));
  if (warehouseIds.length === 0) return () => [];
  const free = await findFreeStock(
    db,
    listings.map((listing) => listing.skuId),
    warehouseIds,
  );
  const byPlace = new Map(free.map((row) => [`${row.skuId}/${row.warehouseId}`, row.free]));
  const freeAt = (listing: ListingToTell, warehouseId: WarehouseId): number =>
    Math.floor((byPlace.get(`${listing.skuId}/${warehouseId}`) ?? 0) / listing.multiplier);
  return (listing) =>
    locations.flatMap(({ externalId, warehouseId }) =>
      warehouseId === null ? [] : [{ locationExternalId: externalId, free: freeAt(listing, warehouseId) }],
    );
}
