import { createProducts } from '../../catalog/index.ts';
import {
  acceptProposals,
  checkConnection,
  connectShop,
  mapLocations,
  storeListings,
  storeLocations,
  type ShopDeps,
} from '../../channels/index.ts';
import type { ShopId, WarehouseId } from '../../kernel/index.ts';
import type { Actor, Ctx } from '../../platform/db/index.ts';
import { createWarehouse, receiveStock, serveShop } from '../../stock/index.ts';
import type { DemoShop } from './demo-shop.ts';
import { listingsOf, type SandboxListing } from './listings-of.ts';

export const demoActor: Actor = { kind: 'system', id: 'demo' };

/** Sold in the shop and not in the catalogue, so that a visitor sees orders wait for a mapping and go on by themselves. */
const unmappedSku = 'RAIN-L';

const warehouses = [
  { code: 'HARBOUR', name: 'Harbour 港口仓', countryCode: 'DE', timeZone: 'Europe/Berlin', units: 60 },
  { code: 'HILLSIDE', name: 'Hillside 山坡仓', countryCode: 'DE', timeZone: 'Europe/Berlin', units: 20 },
] as const;

/** Stores the demo's shop, catalogue, warehouses and first stock through the same verbs that people use. */
export async function seedDemo(deps: ShopDeps, { sandbox, origin }: DemoShop): Promise<ShopId> {
  const settings = { baseUrl: origin, apiKey: sandbox.apiKey, webhookSecret: sandbox.webhookSecret };
  const report = await checkConnection(deps, { channel: 'sandbox', settings });
  return deps.database.transact({ actor: demoActor }, async (ctx) => {
    const { shopId } = await connectShop(ctx, deps, {
      channel: 'sandbox',
      name: report.shopName,
      settings,
      claimsAt: 'placed',
      ordersSince: new Date(ctx.now.getTime() - 24 * 3_600_000),
      pushesStock: true,
      report,
    });
    const listings = listingsOf(sandbox);
    const warehouseIds = await stockWarehouses(ctx, shopId, listings);
    await storeListings(ctx, shopId, listings);
    await acceptProposals(ctx, { shopId, listingIds: 'all' });
    await storeLocations(
      ctx,
      shopId,
      sandbox.state.locations.map(({ id, name }) => ({ externalId: id, name })),
    );
    await mapLocations(
      ctx,
      shopId,
      sandbox.state.locations.flatMap(({ id }, rank) => {
        const warehouseId = warehouseIds[rank];
        return warehouseId === undefined ? [] : [{ externalId: id, warehouseId, rank }];
      }),
    );
    return shopId;
  });
}

async function stockWarehouses(ctx: Ctx, shopId: ShopId, listings: readonly SandboxListing[]): Promise<WarehouseId[]> {
  const products = await createProducts(
    ctx,
    listings
      .filter(({ sku, tracksStock }) => tracksStock && sku !== unmappedSku)
      .map(({ sku, title, barcode }) => ({
        title,
        skus: [{ code: sku, title, weightG: null, barcodes: barcode === null ? [] : [barcode] }],
      })),
  );
  const skuIds = products.flatMap(({ skus }) => skus.map(({ skuId }) => skuId));
  const ids: WarehouseId[] = [];
  for (const { units, ...warehouse } of warehouses) {
    const { warehouseId } = await createWarehouse(ctx, warehouse);
    ids.push(warehouseId);
    await receiveStock(
      ctx,
      skuIds.map((skuId) => ({
        skuId,
        warehouseId,
        quantity: units,
        unitCost: null,
        costCurrency: null,
        lotId: null,
        note: 'demo',
      })),
    );
  }
  await serveShop(ctx, { shopId, warehouses: ids.map((warehouseId, rank) => ({ warehouseId, rank })) });
  return ids;
}
