import { createProducts } from '../../src/catalog/index.ts';
import {
  acceptProposals,
  changeShop,
  connectShop,
  getShop,
  mapLocations,
  storeListings,
  storeLocations,
} from '../../src/channels/index.ts';
import type { ChannelListing } from '../../src/connector-kit/index.ts';
import type { ShopId, SkuId, WarehouseId } from '../../src/kernel/index.ts';
import type { Hub } from '../../src/main/hub.ts';
import type { Ctx } from '../../src/platform/db/index.ts';
import { createWarehouse, receiveStock, serveShop } from '../../src/stock/index.ts';
import type { LiveListing, LiveShop } from './live-shop.ts';
import { benchActor } from './webhook-shop.ts';

const rowsPerCall = 1_000;

export type ConnectedShop = {
  readonly shopId: ShopId;
  readonly webhookKey: string;
  /** Receives so many units of every SKU, in one transaction. */
  receive(quantity: number): Promise<void>;
};

/** A live shop, connected: a SKU a listing, a warehouse a location, nothing in stock, stock pushing on. */
export async function connectLiveShop({ deps }: Hub, shop: LiveShop): Promise<ConnectedShop> {
  return deps.database.transact({ actor: benchActor }, async (ctx) => {
    const { shopId } = await connectShop(ctx, deps, {
      channel: 'sandbox',
      name: 'Live',
      settings: shop.settings,
      claimsAt: 'placed',
      ordersSince: new Date(Date.now() - 3_600_000),
      pushesStock: false,
      report: { shopName: 'Live', currency: 'EUR', timeZone: 'UTC' },
    });
    const skuIds = await addSkus(ctx, shop.listings);
    const warehouseId = await addPlaces(ctx, shopId, shop.locations);
    for (const listings of chunksOf(shop.listings)) await storeListings(ctx, shopId, listings.map(toChannelListing));
    await acceptProposals(ctx, { shopId, listingIds: 'all' });
    const { version, webhookKey } = await getShop(ctx.tx, shopId);
    await changeShop(ctx, deps, { shopId, version, pushesStock: true });
    const rest = { unitCost: null, costCurrency: null, lotId: null, note: null };
    return {
      shopId,
      webhookKey,
      receive: async (quantity) => {
        const receipts = skuIds.map((skuId) => ({ skuId, warehouseId, quantity, ...rest }));
        await deps.database.transact({ actor: benchActor }, (inner) => receiveStock(inner, receipts));
      },
    };
  });
}

async function addSkus(ctx: Ctx, listings: readonly LiveListing[]): Promise<SkuId[]> {
  const skuIds: SkuId[] = [];
  for (const some of chunksOf(listings)) {
    const products = await createProducts(
      ctx,
      some.map(({ sku, title }) => ({ title, skus: [{ code: sku, title, weightG: null, barcodes: [] }] })),
    );
    skuIds.push(...products.flatMap(({ skus }) => skus.map(({ skuId }) => skuId)));
  }
  return skuIds;
}

/** Answers with the warehouse of the first location: goods are received there. */
async function addPlaces(ctx: Ctx, shopId: ShopId, locations: LiveShop['locations']): Promise<WarehouseId> {
  const mapped = [];
  for (const [rank, { id: externalId, name }] of locations.entries()) {
    const place = { code: name.slice(0, 10), name, countryCode: 'DE', timeZone: 'Europe/Berlin' };
    mapped.push({ externalId, name, rank, warehouseId: (await createWarehouse(ctx, place)).warehouseId });
  }
  await serveShop(ctx, { shopId, warehouses: mapped.map(({ warehouseId, rank }) => ({ warehouseId, rank })) });
  await storeLocations(ctx, shopId, mapped);
  await mapLocations(ctx, shopId, mapped);
  const [first] = mapped;
  if (first === undefined) throw new Error('the shop has no location');
  return first.warehouseId;
}

function toChannelListing({ id, sku, title }: LiveListing): ChannelListing {
  const facts = { barcode: null, price: null, isActive: true, tracksStock: true };
  return { externalId: id, parentExternalId: id, sku, title, ...facts };
}

function* chunksOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += rowsPerCall) yield items.slice(start, start + rowsPerCall);
}
