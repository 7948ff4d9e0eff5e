import { setStock, type StockSetting } from './set-stock.ts';
import { ShopRefusal, type Shop } from './shop.ts';

/** One item of a stock batch; `ifVersion` is what the caller read, null where it did not say. */
export type StockItem = StockSetting & { readonly ifVersion: number | null };

/** What the stock calls of a shop mean. */
export type StockDoor = {
  /** A number that can be bought at a location, as this shop writes it. */
  shown(shop: Shop, listingId: string, locationId: string, level: number): number;
  /** What `GET /stock` says of a listing besides its numbers. */
  facts(shop: Shop, listingId: string): Record<string, unknown>;
  /** Throws ShopRefusal. */
  set(shop: Shop, item: StockItem): void;
};

/** Numbers are what can be bought; the last one set stands. */
export const saleableStock: StockDoor = {
  shown: (_shop, _listing, _location, level) => level,
  facts: () => ({}),
  set: (shop, item) => setStock(shop, 'hub', item),
};

/** The same, and a listing has a version, which every sale, cancel and setting changes: a set that names an older one is refused. */
export const comparedStock: StockDoor = {
  ...saleableStock,
  facts: (shop, listingId) => ({ version: versionOf(shop, listingId) }),
  set(shop, item) {
    const version = versionOf(shop, item.listingId);
    if (item.ifVersion !== null && item.ifVersion !== version) {
      throw new ShopRefusal(409, 'stale_stock', `the stock is at version ${version}`);
    }
    setStock(shop, 'hub', item);
  },
};

function versionOf(shop: Shop, listingId: string): number {
  return shop.state.stockVersions?.[listingId] ?? 0;
}

/** Numbers are what lies there; what is sold and not sent yet is subtracted from them. */
export const onHandStock: StockDoor = {
  shown: (shop, listingId, locationId, level) => level + (heldUnits(shop, listingId).get(locationId) ?? 0),
  facts: () => ({}),
  set: (shop, item) => setStock(shop, 'hub', item, heldUnits(shop, item.listingId)),
};

/** Units sold and neither sent nor cancelled, by the location they were taken from. */
function heldUnits(shop: Shop, listingId: string): Map<string, number> {
  const held = new Map<string, number>();
  const lines = Object.values(shop.state.orders).flatMap((order) => order.lines);
  for (const line of lines) {
    if (line.listingId !== listingId) continue;
    let sent = line.fulfilledQuantity;
    for (const take of line.takes) {
      const units = Math.max(0, take.quantity - sent);
      sent = Math.max(0, sent - take.quantity);
      held.set(take.locationId, (held.get(take.locationId) ?? 0) + units);
    }
  }
  return held;
}
