import {
  ChannelFault,
  type ChannelLocation,
  type ChannelStock,
  type StockCapability,
} from '../../src/connector-kit/index.ts';
import { getMedusa, idQuery, type MedusaIo } from './client.ts';
import { stockFields } from './fields.ts';
import { ownedItemOf } from './owned-item.ts';
import { pushStock } from './push-stock.ts';
import type { MedusaSettings } from './settings.ts';
import { wireLocationPage, wireVariantPage, type WireVariant } from './wire.ts';

const locationsMax = 1000;

/** Medusa subtracts what its own orders have reserved, so it is told what is stocked: saleable + reserved. */
export const stock: StockCapability<MedusaSettings> = {
  meaning: 'on_hand',
  // One call each, some 50 ms: a batch must leave the lane free for cancels and tracking.
  pushBatchMax: 20,
  readBatchMax: 50,
  listLocations,
  pushStock: async (io, pushes) => {
    const variants = await readVariants(
      io,
      pushes.map((push) => push.listingExternalId),
    );
    const fallback = pushes.some((push) => push.locations.length === 0) ? await locationIds(io) : [];
    return pushStock(io, pushes, variants, fallback);
  },
  readStock,
};

async function listLocations(io: MedusaIo): Promise<readonly ChannelLocation[]> {
  const { salesChannelId } = io.settings;
  const query = [
    ['limit', String(locationsMax)],
    ['order', 'created_at'],
    ['fields', 'id,name'],
    ...(salesChannelId === null ? [] : [['sales_channel_id[]', salesChannelId] as const]),
  ] as const;
  const { stock_locations: locations } = await getMedusa(io, '/stock-locations', query, wireLocationPage);
  return locations.map(({ id, name }) => ({ externalId: id, name }));
}

async function locationIds(io: MedusaIo): Promise<readonly string[]> {
  const ids = (await listLocations(io)).map((location) => location.externalId);
  if (ids.length > 0) return ids;
  const detail = 'the channel has no stock location';
  throw new ChannelFault({ kind: 'rejected', code: 'no_stock_location', detail });
}

async function readVariants(io: MedusaIo, ids: readonly string[]): Promise<ReadonlyMap<string, WireVariant>> {
  if (ids.length === 0) return new Map();
  const { variants } = await getMedusa(io, '/product-variants', idQuery(ids, stockFields), wireVariantPage);
  return new Map(variants.map((variant) => [variant.id, variant]));
}

/** Σ stocked − Σ reserved of the item that holds its stock, in units of the variant. What has no such item is left out. */
async function readStock(io: MedusaIo, ids: readonly string[]): Promise<readonly ChannelStock[]> {
  const variants = await readVariants(io, ids);
  return [...variants.values()].flatMap((variant) => {
    const item = ownedItemOf(variant);
    if (item === null) return [];
    const levels = variant.inventory_items?.[0]?.inventory?.location_levels ?? [];
    const free = levels.map((level) => ({
      locationExternalId: level.location_id,
      units: level.stocked_quantity - level.reserved_quantity,
    }));
    const all = free.reduce((sum, { units }) => sum + units, 0);
    return [
      {
        listingExternalId: variant.id,
        saleable: Math.floor(all / item.unitsEach),
        locations: free.map(({ locationExternalId, units }) => ({
          locationExternalId,
          quantity: Math.floor(units / item.unitsEach),
        })),
      },
    ];
  });
}
