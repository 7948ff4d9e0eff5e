import { sql } from 'drizzle-orm';
import { createProducts } from '../../../src/catalog/index.ts';
import {
  connectShop,
  listListings,
  mapListings,
  mapLocations,
  openShop,
  storeListings,
  storeLocations,
  type LaneStep,
  type ShopDeps,
} from '../../../src/channels/index.ts';
import { ChannelFault, type ChannelFaultReason, type ChannelOrder } from '../../../src/connector-kit/index.ts';
import { explainListing, explainOrder, writeText } from '../../../src/explain/index.ts';
import {
  advanceShipments,
  allocate,
  getShipment,
  listShipments,
  shipOut,
  type FloorState,
} from '../../../src/fulfilment/index.ts';
import { drainInbox, pollOrders, receiveWebhook } from '../../../src/inbound/index.ts';
import {
  manualClock,
  type ListingId,
  type OrderId,
  type ShipmentId,
  type ShipmentLineId,
  type ShopId,
  type SkuId,
  type WarehouseId,
} from '../../../src/kernel/index.ts';
import { wireMarkers } from '../../../src/main/markers.ts';
import { mapWaitingLines } from '../../../src/orders/index.ts';
import { onBehalf, rows } from '../../../src/platform/db/index.ts';
import type { Language } from '../../../src/platform/i18n/index.ts';
import { createWarehouse, receiveStock, serveShop } from '../../../src/stock/index.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { channelListing } from '../paper-channel.ts';
import { lease, signal } from './inbound-world.ts';
import { plainDeps } from './plain-channel.ts';
import { createToldChannel, type ToldChannel } from './told-channel.ts';

const minuteMs = 60_000;

/** One situation on a database of its own, so that its numbers and times are the same in every run. */
export type ExplainWorld = {
  readonly database: TestDatabase;
  readonly deps: ShopDeps;
  /** The first shop's channel, and the second's. */
  readonly channel: ToldChannel;
  readonly otherChannel: ToldChannel;
  wait(minutes: number): void;
  now(): Date;
  /** Connects a shop: `plain` is the first channel, `other` the second. */
  connect(
    name: string,
    facts?: { channel?: 'plain' | 'other'; claimsAt?: 'placed' | 'paid'; pushesStock?: boolean },
  ): Promise<ShopId>;
  /** A warehouse with so many units of each SKU. */
  warehouse(name: string, units: Readonly<Record<string, number>>): Promise<WarehouseId>;
  serve(shopId: ShopId, ...warehouseIds: WarehouseId[]): Promise<void>;
  sku(code: string, title: string): Promise<SkuId>;
  /** Lists an item, mapped to so many units of a SKU where one is named. */
  item(shopId: ShopId, externalId: string, title: string, sku?: string, multiplier?: number): Promise<ListingId>;
  place(
    shopId: ShopId,
    ...places: readonly { id: string; name: string; warehouseId: WarehouseId | null }[]
  ): Promise<void>;
  /** The channel sells or changes an order; taken in by webhook, or by a poll. Allocates afterwards unless told not to. */
  deliver(
    order: ChannelOrder,
    how?: { by?: 'webhook' | 'poll'; shopId?: ShopId; allocates?: boolean },
  ): Promise<OrderId>;
  allocate(): Promise<void>;
  map(): Promise<void>;
  parcels(orderId: OrderId): Promise<readonly { shipmentId: ShipmentId; number: number }[]>;
  /** Moves the order's parcels along the floor, one state a few minutes. */
  floor(orderId: OrderId, ...states: FloorState[]): Promise<void>;
  /** The same for one parcel. */
  floorOf(shipmentId: ShipmentId, ...states: FloorState[]): Promise<void>;
  linesOf(shipmentId: ShipmentId): Promise<ShipmentLineId[]>;
  ship(orderId: OrderId, parcel?: number): Promise<void>;
  run(shopId: ShopId, step: LaneStep): Promise<void>;
  /** How the first channel answers the next writes. */
  failNext(...reasons: readonly ChannelFaultReason[]): void;
  tellOrder(orderId: OrderId, language: Language): Promise<string>;
  tellListing(listingId: ListingId, language: Language): Promise<string>;
  close(): Promise<void>;
};

export async function openExplainWorld(): Promise<ExplainWorld> {
  const clock = manualClock(new Date('2026-11-20T08:00:10Z'));
  const channel = createToldChannel();
  const otherChannel = createToldChannel();
  const connectors = new Map([
    ['plain', channel.connector],
    ['other', { ...otherChannel.connector, code: 'other' }],
  ]);
  const database = await createTestDatabase({ markers: wireMarkers(connectors), clock });
  const deps: ShopDeps = { ...plainDeps(database, channel), connectors, clock };
  const keys = new Map<ShopId, string>();
  const skus = new Map<string, SkuId>();
  const skuOf = (code: string): SkuId => {
    const skuId = skus.get(code);
    if (skuId === undefined) throw new Error(`no SKU ${code}`);
    return skuId;
  };
  const wait = (minutes: number): void => clock.advance(minutes * minuteMs);
  const world: ExplainWorld = {
    database,
    deps,
    channel,
    otherChannel,
    wait,
    now: () => clock.now(),
    async connect(name, { channel: code = 'plain', claimsAt = 'placed', pushesStock = true } = {}) {
      const { shopId, webhookKey } = await database.run((ctx) =>
        connectShop(ctx, deps, {
          channel: code,
          name,
          settings: { baseUrl: 'https://plain.example.com', apiKey: 'key-1234' },
          claimsAt,
          ordersSince: new Date('2026-11-01T00:00:00Z'),
          pushesStock,
          report: { shopName: name, currency: 'EUR', timeZone: 'Europe/Berlin' },
        }),
      );
      keys.set(shopId, webhookKey);
      return shopId;
    },
    warehouse: (name, units) =>
      database.run(async (ctx) => {
        const code = name.slice(0, 3).toUpperCase();
        const { warehouseId } = await createWarehouse(ctx, {
          code,
          name,
          countryCode: 'DE',
          timeZone: 'Europe/Berlin',
        });
        const receipts = Object.entries(units).map(([sku, quantity]) => ({
          skuId: skuOf(sku),
          warehouseId,
          quantity,
          unitCost: null,
          costCurrency: null,
          lotId: null,
          note: null,
        }));
        if (receipts.length > 0) await receiveStock(ctx, receipts);
        return warehouseId;
      }),
    serve: (shopId, ...warehouseIds) =>
      database.run((ctx) =>
        serveShop(ctx, { shopId, warehouses: warehouseIds.map((warehouseId, rank) => ({ warehouseId, rank })) }),
      ),
    async sku(code, title) {
      const [product] = await database.run((ctx) =>
        createProducts(ctx, [{ title, skus: [{ code, title, weightG: null, barcodes: [] }] }]),
      );
      const skuId = product?.skus[0]?.skuId;
      if (skuId === undefined) throw new Error('no SKU was made');
      skus.set(code, skuId);
      return skuId;
    },
    item: (shopId, externalId, title, sku, multiplier = 1) =>
      database.run(async (ctx) => {
        await storeListings(ctx, shopId, [channelListing(externalId, { title })]);
        const { items } = await listListings(ctx.tx, { after: null, limit: 50 }, { shopId, search: externalId });
        const listingId = items.find((listing) => listing.externalId === externalId)?.listingId;
        if (listingId === undefined) throw new Error(`no listing ${externalId}`);
        if (sku !== undefined) await mapListings(ctx, [{ listingId, skuId: skuOf(sku), multiplier }]);
        return listingId;
      }),
    place: (shopId, ...places) =>
      database.run(async (ctx) => {
        await storeLocations(
          ctx,
          shopId,
          places.map(({ id, name }) => ({ externalId: id, name })),
        );
        await mapLocations(
          ctx,
          shopId,
          places.map(({ id, warehouseId }, rank) => ({ externalId: id, warehouseId, rank })),
        );
      }),
    async deliver(order, { by = 'webhook', shopId = only(keys), allocates = true } = {}) {
      wait(1);
      if (by === 'webhook') await post(deps, keys.get(shopId) ?? '', order, clock.now());
      else {
        channel.orders.set(order.externalId, order);
        await world.run(shopId, (...given) => pollOrders(...given, { evenIfNotDue: true }));
      }
      while ((await drainInbox(deps, [shopId])).claimed > 0);
      if (allocates) {
        wait(1);
        await world.allocate();
      }
      return idOf(database, shopId, order.externalId);
    },
    async allocate() {
      while ((await database.run((ctx) => allocate(ctx, 500))).more);
    },
    map: () =>
      database.run(async (ctx) => {
        await mapWaitingLines(onBehalf(ctx, 'mapping'), 500);
      }),
    parcels: async (orderId) => {
      const { items } = await database.read((db) => listShipments(db, { after: null, limit: 50 }, { orderId }));
      return items.toSorted((a, b) => a.number - b.number);
    },
    async floor(orderId, ...states) {
      const parcels = await world.parcels(orderId);
      for (const to of states) {
        wait(7);
        await database.run((ctx) =>
          advanceShipments(
            ctx,
            parcels.map(({ shipmentId }) => ({ shipmentId, to })),
          ),
        );
      }
    },
    async floorOf(shipmentId, ...states) {
      for (const to of states) {
        wait(7);
        await database.run((ctx) => advanceShipments(ctx, [{ shipmentId, to }]));
      }
    },
    linesOf: async (shipmentId) =>
      (await database.read((db) => getShipment(db, shipmentId)))?.lines.map((line) => line.shipmentLineId) ?? [],
    async ship(orderId, parcel) {
      const parcels = (await world.parcels(orderId)).filter(({ number }) => parcel === undefined || number === parcel);
      wait(12);
      await database.run((ctx) =>
        shipOut(
          ctx,
          parcels.map(({ shipmentId, number }) => ({
            shipmentId,
            carrier: 'DHL',
            trackingNumber: `0034043412345${number}`,
            trackingUrl: null,
            service: null,
          })),
        ),
      );
    },
    async run(shopId, step) {
      wait(1);
      const session = await database.read((db) => openShop(db, deps, shopId));
      await step(deps, session, lease, signal);
    },
    failNext: (...reasons) => {
      channel.writeFaults.push(...reasons.map((reason) => new ChannelFault(reason)));
    },
    tellOrder: async (orderId, language) => writeText(await explainOrder(database, orderId, language)),
    tellListing: async (listingId, language) => writeText(await explainListing(deps, listingId, language)),
    close: () => database.close(),
  };
  return world;
}

async function post(deps: ShopDeps, webhookKey: string, order: ChannelOrder, at: Date): Promise<void> {
  const answer = await receiveWebhook(deps, webhookKey, {
    method: 'POST',
    url: 'http://hub/hooks/x',
    headers: new Headers({
      'x-signature': 'good',
      'x-order': order.externalId,
      'x-delivery': `${order.externalId}-${at.getTime()}`,
    }),
    rawBody: Buffer.from(JSON.stringify(order)),
  });
  if (answer.status !== 202) throw new Error(`the webhook was answered ${answer.status}`);
}

function only(keys: ReadonlyMap<ShopId, string>): ShopId {
  const [shopId] = keys.keys();
  if (shopId === undefined) throw new Error('no shop is connected');
  return shopId;
}

async function idOf(database: TestDatabase, shopId: ShopId, externalId: string): Promise<OrderId> {
  const [found] = await database.read((db) =>
    rows<{ id: OrderId }>(db, sql`select id from orders where shop_id = ${shopId} and external_id = ${externalId}`),
  );
  if (found === undefined) throw new Error(`no order ${externalId}`);
  return found.id;
}
