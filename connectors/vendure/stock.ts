import {
  ChannelFault,
  type ChannelLocation,
  type ChannelStock,
  type StockCapability,
} from '../../src/connector-kit/index.ts';
import { callVendure, readWire, type VendureIo } from './client.ts';
import { locationsDocument, stockDocument } from './documents.ts';
import { tracksStock } from './listings.ts';
import { pushStock } from './push-stock.ts';
import type { VendureSettings } from './settings.ts';
import { wireLocationPage, wireStockPage } from './wire.ts';

/** The cap of one list query (`adminListQueryLimit`) unless the shop has raised it. */
const takeMax = 1000;

/** Vendure subtracts what its own orders have allocated, so it is told what is on hand. */
export const stock: StockCapability<VendureSettings> = {
  meaning: 'on_hand',
  // One call each, some 20 ms: a batch must leave the lane free for cancels and tracking.
  pushBatchMax: 25,
  readBatchMax: 100,
  listLocations,
  pushStock: async (io, pushes) => pushStock(io, pushes, await fallbackLocations(io, pushes)),
  readStock,
};

async function listLocations(io: VendureIo): Promise<readonly ChannelLocation[]> {
  const options = { take: takeMax, sort: { id: 'ASC' } };
  const data = await callVendure(io, { document: locationsDocument, variables: { options } });
  return readWire(wireLocationPage, data).stockLocations.items.map(({ id, name }) => ({ externalId: id, name }));
}

/** Where numbers without a location go: asked for only when there is one. */
async function fallbackLocations(
  io: VendureIo,
  pushes: readonly { readonly locations: readonly unknown[] }[],
): Promise<readonly string[]> {
  if (pushes.every((push) => push.locations.length > 0)) return [];
  const ids = (await listLocations(io)).map((location) => location.externalId);
  if (ids.length === 0) {
    throw new ChannelFault({
      kind: 'rejected',
      code: 'no_stock_location',
      detail: 'the channel has no stock location',
    });
  }
  return ids;
}

/**
 * Σ on hand − Σ allocated − the threshold at which the variant is out of stock (its own, or the shop's): what
 * `getSaleableStockLevel` of 3.7.3 lets a buyer put into the cart. Variants whose stock is not tracked are left out.
 */
async function readStock(io: VendureIo, ids: readonly string[]): Promise<readonly ChannelStock[]> {
  if (ids.length === 0) return [];
  const options = { take: ids.length, filter: { id: { in: ids } } };
  const data = await callVendure(io, { document: stockDocument, variables: { options } });
  const { globalSettings, productVariants } = readWire(wireStockPage, data);
  return productVariants.items
    .filter((variant) => tracksStock(variant.trackInventory, globalSettings.trackInventory))
    .map((variant) => {
      const locations = variant.stockLevels.map((level) => ({
        locationExternalId: level.stockLocationId,
        quantity: level.stockOnHand - level.stockAllocated,
      }));
      const free = locations.reduce((sum, location) => sum + location.quantity, 0);
      const threshold = variant.useGlobalOutOfStockThreshold
        ? globalSettings.outOfStockThreshold
        : variant.outOfStockThreshold;
      return { listingExternalId: variant.id, saleable: free - threshold, locations };
    });
}
