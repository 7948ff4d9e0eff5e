import { ShopRefusal, type Shop } from './shop.ts';
import type { ShopLine, ShopListing } from './state.ts';

export function levelKey(listingId: string, locationId: string): string {
  return `${listingId}/${locationId}`;
}

export function listingOf(shop: Shop, listingId: string): ShopListing {
  const listing = shop.state.listings.find(({ id }) => id === listingId);
  if (listing === undefined) throw new ShopRefusal(404, 'listing_not_found', 'no such listing');
  return listing;
}

/** What a buyer can buy now, over all locations. */
export function saleable(shop: Shop, listingId: string): number {
  return shop.state.locations.reduce((sum, { id }) => sum + (shop.state.levels[levelKey(listingId, id)] ?? 0), 0);
}

/**
 * Takes sold units from the locations in their order. With `oversell` what is missing is taken from the first location,
 * which goes below zero: a buyer who was quicker than the last push.
 */
export function takeStock(shop: Shop, listing: ShopListing, quantity: number, oversell: boolean): ShopLine['takes'] {
  if (!listing.tracksStock) return [];
  const { levels, locations } = shop.state;
  const takes: ShopLine['takes'] = [];
  let missing = quantity;
  for (const { id } of locations) {
    const units = Math.min(missing, Math.max(0, levels[levelKey(listing.id, id)] ?? 0));
    if (units > 0) takes.push({ locationId: id, quantity: units });
    missing -= units;
  }
  const first = locations[0];
  if (missing > 0 && (!oversell || first === undefined)) {
    throw new ShopRefusal(422, 'sold_out', `only ${quantity - missing} of ${listing.sku} left`);
  }
  if (missing > 0 && first !== undefined) takes.push({ locationId: first.id, quantity: missing });
  for (const take of takes) addLevel(shop, listing.id, take.locationId, -take.quantity);
  return takes;
}

/** Puts cancelled units back where they came from. Gives the keys of the levels that changed. */
export function putBack(shop: Shop, line: ShopLine, quantity: number): string[] {
  const keys: string[] = [];
  let left = quantity;
  for (const take of line.takes.toReversed()) {
    const units = Math.min(left, take.quantity);
    if (units === 0) continue;
    take.quantity -= units;
    left -= units;
    addLevel(shop, line.listingId, take.locationId, units);
    keys.push(levelKey(line.listingId, take.locationId));
  }
  return keys;
}

function addLevel(shop: Shop, listingId: string, locationId: string, delta: number): void {
  const key = levelKey(listingId, locationId);
  shop.state.levels[key] = (shop.state.levels[key] ?? 0) + delta;
}
