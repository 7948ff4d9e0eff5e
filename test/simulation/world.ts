import { createProducts } from '../../src/catalog/index.ts';
import {
  acceptProposals,
  connectShop,
  mapLocations,
  storeListings,
  storeLocations,
  type ShopDeps,
} from '../../src/channels/index.ts';
import type { ShopId, SkuId, WarehouseId } from '../../src/kernel/index.ts';
import { listingsOf } from '../../src/main/demo/listings-of.ts';
import type { Ctx } from '../../src/platform/db/index.ts';
import { createWarehouse, receiveStock, serveShop } from '../../src/stock/index.ts';
import type { Chance } from './chance.ts';
import type { Storefront } from './storefronts.ts';

/** A storefront that the hub is connected to. */
export type SimShop = Storefront & { readonly shopId: ShopId; readonly webhookKey: string };

export type Goods = {
  /** By code. */
  readonly skus: ReadonlyMap<string, SkuId>;
  readonly warehouses: readonly WarehouseId[];
  /** Units received at first, of each SKU in each warehouse. */
  readonly units: number;
};

/** Products for what the storefronts sell, and two warehouses with some of each. */
export async function stockUp(ctx: Ctx, storefronts: readonly Storefront[], chance: Chance): Promise<Goods> {
  const listings = storefronts.flatMap(({ sandbox }) => sandbox.state.listings.filter((each) => each.tracksStock));
  const titles = new Map(listings.map(({ sku, title }) => [sku, title]));
  const products = await createProducts(
    ctx,
    [...titles].map(([code, title]) => ({ title, skus: [{ code, title, weightG: null, barcodes: [] }] })),
  );
  const skus = new Map(products.flatMap((product) => product.skus.map(({ code, skuId }) => [code, skuId] as const)));
  const warehouses: WarehouseId[] = [];
  for (const code of ['W1', 'W2']) {
    const place = { code, name: code, countryCode: 'DE', timeZone: 'Europe/Berlin' };
    warehouses.push((await createWarehouse(ctx, place)).warehouseId);
  }
  const units = 3 + chance.int(10);
  const receipts = warehouses.flatMap((warehouseId) => [...skus.values()].map((skuId) => ({ skuId, warehouseId })));
  const facts = { quantity: units, unitCost: null, costCurrency: null, lotId: null, note: null };
  await receiveStock(
    ctx,
    receipts.map((level) => ({ ...level, ...facts })),
  );
  return { skus, warehouses, units };
}

export async function connect(
  ctx: Ctx,
  deps: Pick<ShopDeps, 'keyring' | 'connectors'>,
  storefront: Storefront,
  goods: Goods,
  chance: Chance,
): Promise<SimShop> {
  const { sandbox, settings, channel, name } = storefront;
  const { shopId, webhookKey } = await connectShop(ctx, deps, {
    channel,
    name,
    settings,
    claimsAt: chance.is(0.8) || subtractsFromTold(deps, channel) ? 'placed' : 'paid',
    ordersSince: new Date(ctx.now.getTime() - 86_400_000),
    pushesStock: true,
    report: { shopName: name, currency: sandbox.state.currency, timeZone: 'UTC' },
  });
  await serveShop(ctx, { shopId, warehouses: goods.warehouses.map((warehouseId, rank) => ({ warehouseId, rank })) });
  const { locations } = sandbox.state;
  await storeListings(ctx, shopId, listingsOf(sandbox));
  await acceptProposals(ctx, { shopId, listingIds: 'all' });
  await storeLocations(
    ctx,
    shopId,
    locations.map((location) => ({ externalId: location.id, name: location.name })),
  );
  await mapLocations(
    ctx,
    shopId,
    locations.map((location, index) => ({
      externalId: location.id,
      warehouseId: goods.warehouses[index] ?? null,
      rank: index,
    })),
  );
  return { ...storefront, shopId, webhookKey };
}

/** Such a shop must be told what it will subtract: the hub is to know that it does so when an order is placed. */
function subtractsFromTold({ connectors }: Pick<ShopDeps, 'connectors'>, channel: string): boolean {
  return connectors.get(channel)?.stock?.meaning === 'on_hand';
}
