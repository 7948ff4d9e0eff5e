import { sandbox } from '../../../connectors/sandbox/index.ts';
import { createProducts } from '../../../src/catalog/index.ts';
import {
  acceptProposals,
  connectShop,
  openShop,
  storeListings,
  type ConnectorRegistry,
  type ShopSession,
} from '../../../src/channels/index.ts';
import type { AnyConnector, RawDocument } from '../../../src/connector-kit/index.ts';
import type { ShopId, SkuId } from '../../../src/kernel/index.ts';
import type { Hub } from '../../../src/main/hub.ts';
import type { Actor, Ctx } from '../../../src/platform/db/index.ts';
import { createWarehouse, receiveStock, serveShop } from '../../../src/stock/index.ts';
import type { BenchItem } from './sandbox-document.ts';

const benchActor: Actor = { kind: 'system', id: 'bench' };

/** More than all rounds sell: what is measured is the way of an order that can be served. */
const unitsInWarehouses = [10_000_000, 10_000_000] as const;

/** The sandbox's connector whose list of orders is a queue in memory: the calls to the channel are not what is measured. */
export type PaperSandbox = { readonly connectors: ConnectorRegistry; readonly waiting: RawDocument[] };

export function createPaperSandbox(): PaperSandbox {
  const waiting: RawDocument[] = [];
  const connector: AnyConnector = {
    ...sandbox,
    orders: {
      ...sandbox.orders,
      pullOrders: () => {
        const items = waiting.splice(0, sandbox.orders.pull?.pageSizeMax ?? 100);
        return Promise.resolve({ items, next: waiting.length > 0 ? {} : null, resume: {} });
      },
    },
  };
  return { connectors: new Map([[connector.code, connector]]), waiting };
}

export type BenchShop = { readonly shopId: ShopId; readonly items: readonly BenchItem[] };

/** A shop that two warehouses serve, with `itemCount` listings, each mapped to a SKU of its own that lies in both. */
export async function seedShop(hub: Hub, itemCount: number): Promise<BenchShop> {
  const items = Array.from({ length: itemCount }, (_, index): BenchItem => ({
    externalId: String(80_000_000_000_000_000_000n + BigInt(index)),
    sku: `BENCH-${String(index).padStart(4, '0')}`,
    priceMinor: 500 + ((index * 137) % 9_500),
  }));
  return hub.deps.database.transact({ actor: benchActor }, async (ctx) => {
    const products = await createProducts(
      ctx,
      items.map(({ sku }) => ({ title: sku, skus: [{ code: sku, title: sku, weightG: null, barcodes: [] }] })),
    );
    const skuIds = products.flatMap((product) => product.skus.map(({ skuId }) => skuId));
    const { shopId } = await connectShop(ctx, hub.deps, {
      channel: sandbox.code,
      name: 'Bench',
      settings: { baseUrl: 'https://sandbox.example', apiKey: 'bench-key', webhookSecret: 'bench-secret' },
      claimsAt: 'placed',
      ordersSince: new Date(ctx.now.getTime() - 86_400_000),
      pushesStock: false,
      report: { shopName: 'Bench', currency: 'EUR', timeZone: 'Europe/Berlin' },
    });
    await serveFromTwo(ctx, shopId, skuIds);
    await storeListings(
      ctx,
      shopId,
      items.map(({ externalId, sku }) => ({
        externalId,
        parentExternalId: null,
        sku,
        barcode: null,
        title: sku,
        price: null,
        isActive: true,
        tracksStock: true,
      })),
    );
    await acceptProposals(ctx, { shopId, listingIds: 'all' });
    return { shopId, items };
  });
}

async function serveFromTwo(ctx: Ctx, shopId: ShopId, skuIds: readonly SkuId[]): Promise<void> {
  const warehouses = [];
  for (const [index, quantity] of unitsInWarehouses.entries()) {
    const code = `W${index + 1}`;
    const made = await createWarehouse(ctx, { code, name: code, countryCode: 'DE', timeZone: 'Europe/Berlin' });
    const facts = { warehouseId: made.warehouseId, quantity, unitCost: null, costCurrency: null };
    await receiveStock(
      ctx,
      skuIds.map((skuId) => ({ ...facts, skuId, lotId: null, note: null })),
    );
    warehouses.push({ warehouseId: made.warehouseId, rank: index });
  }
  await serveShop(ctx, { shopId, warehouses });
}

export function openSession(hub: Hub, shopId: ShopId): Promise<ShopSession> {
  return hub.deps.database.read((db) => openShop(db, hub.deps, shopId));
}
