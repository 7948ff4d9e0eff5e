import type { ListingToTell, ShopSession } from '../channels/index.ts';
import { listLocations } from '../channels/index.ts';
import type { StockPush } from '../connector-kit/index.ts';
import type { ListingId, WarehouseId } from '../kernel/index.ts';
import { openOnChannelUnits } from '../orders/index.ts';
import type { AnyDb } from '../platform/db/index.ts';
import { availableToPromise } from '../stock/index.ts';
import { findFreeStock, findUnitsInFlight } from './queries.ts';
import { splitByLocation, type LocationStock } from './split-by-location.ts';

export type StockNumber = {
  readonly listing: ListingToTell;
  /** What a buyer of this shop may buy, in listing units. */
  readonly saleable: number;
  readonly push: StockPush;
};

/**
 * The numbers to tell now (DESIGN §1.7). saleable = max(0, available to promise) ÷ multiplier, rounded down; a channel that
 * subtracts its own allocations gets its open units added back, less those whose announcement may already have landed.
 * Read on one snapshot together with the listings' versions.
 */
export async function stockNumbers(
  db: AnyDb,
  session: ShopSession,
  listings: readonly ListingToTell[],
): Promise<StockNumber[]> {
  const skuIds = [...new Set(listings.map((listing) => listing.skuId))];
  const available = await availableToPromise(db, session.shop.shopId, skuIds);
  const addBack = await addBacks(
    db,
    session,
    listings.map((listing) => listing.listingId),
  );
  const places = await placesOf(db, session, listings);
  return listings.map((listing) => {
    const saleable = Math.floor(Math.max(0, available.get(listing.skuId) ?? 0) / listing.multiplier);
    const quantity = saleable + (addBack.get(listing.listingId) ?? 0);
    return {
      listing,
      saleable,
      push: {
        listingExternalId: listing.externalId,
        quantity,
        locations: splitByLocation(saleable, places(listing)),
        version: String(listing.wantedVersion),
      },
    };
  });
}

async function addBacks(
  db: AnyDb,
  session: ShopSession,
  listingIds: readonly ListingId[],
): Promise<ReadonlyMap<ListingId, number>> {
  if (session.connector.stock?.meaning !== 'on_hand') return new Map();
  const open = await openOnChannelUnits(db, listingIds);
  const inFlight = await findUnitsInFlight(db, listingIds);
  return new Map([...open].map(([id, units]) => [id, Math.max(0, units - (inFlight.get(id) ?? 0))]));
}

async function placesOf(
  db: AnyDb,
  session: ShopSession,
  listings: readonly ListingToTell[],
): Promise<(listing: ListingToTell) => LocationStock[]> {
  const locations = await listLocations(db, session.shop.shopId);
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
