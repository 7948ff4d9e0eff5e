import type {
  ChannelLocation,
  ChannelStock,
  StockCapability,
  StockPush,
  StockPushResult,
} from '../../src/connector-kit/index.ts';
import { get, write, type SandboxIo } from './client.ts';
import type { SandboxSettings } from './settings.ts';
import { wireLocations, wireStock, wireStockResults } from './wire.ts';

/** The vendor shows what can be bought and subtracts its own sales by itself: `saleable`. */
export const stock: StockCapability<SandboxSettings> = {
  meaning: 'saleable',
  pushBatchMax: 100,
  readBatchMax: 50,
  listLocations,
  pushStock,
  readStock,
};

async function listLocations(io: SandboxIo): Promise<readonly ChannelLocation[]> {
  const { locations } = await get(io, '/locations', {}, wireLocations);
  return locations.map(({ id, name }) => ({ externalId: id, name }));
}

/** A batch answers 200 with an error per item; an item without an answer was not told. */
async function pushStock(io: SandboxIo, pushes: readonly StockPush[]): Promise<readonly StockPushResult[]> {
  if (pushes.length === 0) return [];
  const items = pushes.map(({ listingExternalId, quantity, locations }) => ({
    listing_id: listingExternalId,
    quantity,
    levels: locations.map((level) => ({ location_id: level.locationExternalId, quantity: level.quantity })),
  }));
  const { results } = await write(io, 'PUT', '/stock', { items }, wireStockResults);
  const answers = new Map(results.map(({ listing_id, error }) => [listing_id, error]));
  return pushes.map(({ listingExternalId }) => {
    const error = answers.get(listingExternalId);
    if (error === null) return { listingExternalId, outcome: 'told' };
    const { code, message } = error ?? { code: 'no_answer', message: 'the batch answered nothing for this listing' };
    return { listingExternalId, outcome: 'failed', code, detail: message };
  });
}

async function readStock(io: SandboxIo, listingExternalIds: readonly string[]): Promise<readonly ChannelStock[]> {
  if (listingExternalIds.length === 0) return [];
  const page = await get(io, '/stock', { listing_ids: listingExternalIds.join(',') }, wireStock);
  return page.stock.map(({ listing_id, saleable, levels }) => ({
    listingExternalId: listing_id,
    saleable,
    locations: levels.map(({ location_id, quantity }) => ({ locationExternalId: location_id, quantity })),
  }));
}
