import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  defineConnector,
  secret,
  type AnyConnector,
  type ChannelFault,
  type ChannelOrder,
  type RawDocument,
} from '../../../src/connector-kit/index.ts';
import { openKeyring } from '../../../src/platform/crypto/index.ts';
import {
  connectShop,
  mapListings,
  resolveListings,
  storeListings,
  type ShopDeps,
} from '../../../src/channels/index.ts';
import { createProducts } from '../../../src/catalog/index.ts';
import { systemClock, type ShopId, type SkuId, type WarehouseId } from '../../../src/kernel/index.ts';
import type { Database } from '../../../src/platform/db/index.ts';
import { createWarehouse, receiveStock, serveShop } from '../../../src/stock/index.ts';
import { systemActor, type TestDatabase } from '../database.ts';
import { channelListing } from '../paper-channel.ts';
import { quietLog } from '../quiet-log.ts';

const settings = z.object({ baseUrl: z.url(), apiKey: secret(z.string()) });
const pull = {
  pageSizeMax: 2,
  firstPage: 'offset',
  direction: 'ascending',
  overlapMs: 0,
  windowMs: null,
  lagMs: 0,
} as const;

export type PlainChannel = {
  readonly connector: AnyConnector;
  /** Orders in the order of a poll. Their documents are their own JSON. */
  readonly orders: Map<string, ChannelOrder>;
  /** Pages asked for, and ids read again. */
  readonly calls: { pages: number; reads: string[][] };
  /** The next calls fail with these. */
  readonly faults: ChannelFault[];
  /** Documents that replace an order's own. */
  readonly broken: Map<string, string>;
};

/** A storefront in memory whose documents are already in our words: for tests of what the hub makes of them. */
export function createPlainChannel(): PlainChannel {
  const channel: Omit<PlainChannel, 'connector'> = {
    orders: new Map(),
    calls: { pages: 0, reads: [] },
    faults: [],
    broken: new Map(),
  };
  const documentOf = (order: ChannelOrder): RawDocument => ({
    externalId: order.externalId,
    body: channel.broken.get(order.externalId) ?? JSON.stringify(order),
    version: order.version,
  });
  const failIfAsked = (): void => {
    const fault = channel.faults.shift();
    if (fault !== undefined) throw fault;
  };
  const connector = defineConnector<z.infer<typeof settings>, { offset: number }>({
    code: 'plain',
    label: { en: 'Plain', zh: '简' },
    settings,
    origin: (given) => new URL(given.baseUrl).origin,
    check: () => Promise.resolve({ shopName: 'Plain', currency: 'EUR', timeZone: 'UTC' }),
    orders: {
      pull,
      rereadOpen: true,
      async pullOrders(_io, state) {
        channel.calls.pages += 1;
        failIfAsked();
        const from = state?.offset ?? 0;
        const items = [...channel.orders.values()].slice(from, from + 2).map(documentOf);
        const next = from + 2 < channel.orders.size ? { offset: from + 2 } : null;
        return { items, next, resume: { offset: 0 } };
      },
      async readOrders(_io, externalIds) {
        channel.calls.reads.push([...externalIds]);
        failIfAsked();
        return externalIds.flatMap((id) => {
          const order = channel.orders.get(id);
          return order === undefined ? [] : [documentOf(order)];
        });
      },
      countOrders: () => Promise.resolve(channel.orders.size),
      toChannelOrder: (body) => JSON.parse(body) as ChannelOrder,
    },
    webhooks: {
      verify(_settings, request) {
        if (request.headers.get('x-signature') !== 'good') return null;
        const text = Buffer.from(request.rawBody).toString('utf8');
        const id = request.headers.get('x-order');
        const dedupeKey = request.headers.get('x-delivery') ?? createHash('sha256').update(text).digest('hex');
        const isDocument = id !== null && text.startsWith('{');
        return {
          dedupeKey,
          topic: 'order',
          externalId: id,
          document: isDocument
            ? { externalId: id, body: text, version: (JSON.parse(text) as ChannelOrder).version }
            : null,
        };
      },
    },
  });
  return { ...channel, connector };
}

export function plainDeps(database: Database, channel: PlainChannel): ShopDeps {
  return {
    database,
    keyring: openKeyring({ masterKey: new Uint8Array(32).fill(9) }),
    connectors: new Map([['plain', channel.connector]]),
    outgoing: { fetchFor: () => globalThis.fetch, guardProcess: () => () => undefined, close: () => Promise.resolve() },
    clock: systemClock,
    log: quietLog,
  };
}

export type PlainShop = { readonly shopId: ShopId; readonly webhookKey: string };

export async function connectPlainShop(
  database: TestDatabase,
  deps: ShopDeps,
  claimsAt: 'placed' | 'paid' = 'placed',
): Promise<PlainShop> {
  return database.transact({ actor: systemActor }, (ctx) =>
    connectShop(ctx, deps, {
      channel: 'plain',
      name: 'Plain',
      settings: { baseUrl: 'https://plain.example.com', apiKey: 'key-1234' },
      claimsAt,
      ordersSince: new Date('2026-01-01T00:00:00Z'),
      pushesStock: false,
      report: { shopName: 'Plain', currency: 'EUR', timeZone: 'UTC' },
    }),
  );
}

/** Adds SKUs by code. */
export async function addSkus(database: TestDatabase, codes: readonly string[]): Promise<SkuId[]> {
  const products = await database.run((ctx) =>
    createProducts(
      ctx,
      codes.map((code) => ({ title: code, skus: [{ code, title: code, weightG: null, barcodes: [] }] })),
    ),
  );
  return products.flatMap((product) => product.skus.map((sku) => sku.skuId));
}

/** Lists items on a shop, mapped to a SKU where one is given. */
export async function listItems(
  database: TestDatabase,
  shopId: ShopId,
  items: readonly { externalId: string; skuId?: SkuId; multiplier?: number }[],
): Promise<void> {
  await database.run(async (ctx) => {
    await storeListings(
      ctx,
      shopId,
      items.map(({ externalId }) => channelListing(externalId)),
    );
    const listings = await resolveListings(
      ctx.tx,
      shopId,
      items.map(({ externalId }) => externalId),
    );
    await mapListings(
      ctx,
      items.flatMap(({ externalId, skuId, multiplier }) => {
        const listingId = listings.get(externalId)?.listingId;
        return skuId === undefined || listingId === undefined
          ? []
          : [{ listingId, skuId, multiplier: multiplier ?? 1 }];
      }),
    );
  });
}

/** A warehouse that serves the shops, with so many units of each SKU. */
export async function stockUp(
  database: TestDatabase,
  shopIds: readonly ShopId[],
  units: ReadonlyMap<SkuId, number>,
  code = 'WH',
): Promise<WarehouseId> {
  return database.run(async (ctx) => {
    const { warehouseId } = await createWarehouse(ctx, { code, name: code, countryCode: 'DE', timeZone: 'UTC' });
    for (const shopId of shopIds) await serveShop(ctx, { shopId, warehouses: [{ warehouseId, rank: 0 }] });
    await receiveStock(
      ctx,
      [...units].map(([skuId, quantity]) => ({
        skuId,
        warehouseId,
        quantity,
        unitCost: null,
        costCurrency: null,
        lotId: null,
        note: null,
      })),
    );
    return warehouseId;
  });
}
