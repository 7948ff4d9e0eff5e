import { levelKey, listingOf } from './levels.ts';
import { ShopRefusal, type Shop } from './shop.ts';
import type { Writer } from './state.ts';

const quantityMax = 1_000_000;

/**
 * Sets what can be bought, absolutely. `levels` sums to `quantity`, and a location it does not name is set to zero; empty:
 * all of it at the first location.
 */
export type StockSetting = { listingId: string; quantity: number; levels?: { locationId: string; quantity: number }[] };

const nothingHeld: ReadonlyMap<string, number> = new Map();

/** `held` is what of the number at each location cannot be bought. */
export function setStock(
  shop: Shop,
  by: Writer,
  setting: StockSetting,
  held: ReadonlyMap<string, number> = nothingHeld,
): void {
  const listing = listingOf(shop, setting.listingId);
  if (!listing.tracksStock) throw new ShopRefusal(422, 'not_tracked', `${listing.sku} is sold without counting`);
  const target = new Map(levelsOf(shop, setting).map(({ locationId, quantity }) => [locationId, quantity]));
  checkLevels(shop, setting.quantity, target);
  const levelKeys: string[] = [];
  for (const { id } of shop.state.locations) {
    const key = levelKey(listing.id, id);
    shop.state.levels[key] = (target.get(id) ?? 0) - (held.get(id) ?? 0);
    levelKeys.push(key);
  }
  shop.commit({ by, kind: 'stock_set', subject: listing.id, detail: { quantity: setting.quantity }, levelKeys });
}

function levelsOf(shop: Shop, { quantity, levels = [] }: StockSetting): { locationId: string; quantity: number }[] {
  return levels.length > 0 ? levels : shop.state.locations.slice(0, 1).map(({ id }) => ({ locationId: id, quantity }));
}

function checkLevels(shop: Shop, quantity: number, target: ReadonlyMap<string, number>): void {
  const known = new Set(shop.state.locations.map(({ id }) => id));
  let sum = 0;
  for (const [locationId, units] of target) {
    if (!known.has(locationId)) throw new ShopRefusal(404, 'location_not_found', 'no such location');
    if (!Number.isSafeInteger(units) || units < 0 || units > quantityMax) {
      throw new ShopRefusal(422, 'bad_quantity', `must be a whole number from 0 to ${quantityMax}`);
    }
    sum += units;
  }
  if (sum !== quantity) throw new ShopRefusal(422, 'bad_sum', 'the levels do not sum to the quantity');
}
