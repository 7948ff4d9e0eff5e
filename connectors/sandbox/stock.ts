import {
  placeAddBack,
  type ChannelLocation,
  type ChannelStock,
  type StockCapability,
  type StockPush,
  type StockPushResult,
} from '../../src/connector-kit/index.ts';
import { get, write, type SandboxIo } from './client.ts';
import type { ShopSettings } from './settings.ts';
import { wireLocations, wireStock, wireStockResults } from './wire.ts';

/** The vendor takes 200 items a call; the ids of a read go into its address. */
const batches = { pushBatchMax: 200, readBatchMax: 200 } as const;

/** The vendor shows what can be bought and subtracts its own sales by itself. */
export const saleableStock: StockCapability<ShopSettings> = {
  meaning: 'saleable',
  ...batches,
  listLocations,
  pushStock,
  readStock,
};

/** The same, and a number may be set on condition that the listing's stock has not changed since its version was read. */
export const comparedStock: Required<StockCapability<ShopSettings>> = {
  meaning: 'saleable',
  ...batches,
  listLocations,
  pushStock,
  readStock,
  readStockVersions,
};

/**
 * The vendor shows what lies there, and subtracts from it what it has sold and not sent. It does not say where it holds units
 * back: what is added back stands where most is offered, and the levels sum to the number.
 */
export const onHandStock: StockCapability<ShopSettings> = {
  ...saleableStock,
  meaning: 'on_hand',
  pushStock: (io, pushes) => pushStock(io, pushes.map(withAddBack)),
};

function withAddBack(push: StockPush): StockPush {
  if (push.locations.length === 0) return push;
  const wanted = push.locations.map(({ locationExternalId, quantity }) => ({
    locationId: locationExternalId,
    units: quantity,
  }));
  const placed = placeAddBack(push.quantity, wanted, new Map());
  const locations = placed.map(({ locationId, units }) => ({ locationExternalId: locationId, quantity: units }));
  return { ...push, locations };
}

async function listLocations(io: SandboxIo): Promise<readonly ChannelLocation[]> {
  const { locations } = await get(io, '/locations', {}, wireLocations);
  return locations.map(({ id, name }) => ({ externalId: id, name }));
}

/** A batch answers 200 with an error per item; an item without an answer was not told. */
async function pushStock(io: SandboxIo, pushes: readonly StockPush[]): Promise<readonly StockPushResult[]> {
  if (pushes.length === 0) return [];
  const items = pushes.map(({ listingExternalId, quantity, locations, ifVersion }) => ({
    listing_id: listingExternalId,
    quantity,
    levels: locations.map((level) => ({ location_id: level.locationExternalId, quantity: level.quantity })),
    if_version: ifVersion === undefined ? null : Number(ifVersion),
  }));
  const { results } = await write(io, 'PUT', '/stock', { items }, wireStockResults);
  const answers = new Map(results.map(({ listing_id, error }) => [listing_id, error]));
  return pushes.map(({ listingExternalId }) => {
    const error = answers.get(listingExternalId);
    if (error === null) return { listingExternalId, outcome: 'told' };
    const { code, message } = error ?? { code: 'no_answer', message: 'the batch answered nothing for this listing' };
    return { listingExternalId, outcome: 'failed', code: code === 'stale_stock' ? 'conflict' : code, detail: message };
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

async function readStockVersions(
  io: SandboxIo,
  listingExternalIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (listingExternalIds.length === 0) return new Map();
  const page = await get(io, '/stock', { listing_ids: listingExternalIds.join(',') }, wireStock);
  return new Map(
    page.stock.flatMap(({ listing_id, version }) => (version === undefined ? [] : [[listing_id, String(version)]])),
  );
}
