import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeAcmeShop, type FakeAcmeShop } from '../../connectors/template/fake/index.ts';
import { sendWebhooks } from '../../connectors/template/fake/webhooks.ts';
import { acmeShop } from '../../connectors/template/index.ts';
import { createProducts } from '../../src/catalog/index.ts';
import {
  acceptProposals,
  changeShop,
  checkConnection,
  connectShop,
  getShop,
  listListings,
} from '../../src/channels/index.ts';
import { serveOnLoopback, type Served } from '../../src/connector-kit/testing/index.ts';
import { listShipments, shipOut } from '../../src/fulfilment/index.ts';
import type { ShopId } from '../../src/kernel/index.ts';
import { findOrder, getOrder } from '../../src/orders/index.ts';
import { createWarehouse, receiveStock, serveShop } from '../../src/stock/index.ts';
import { openStory, waitFor, type Story } from '../support/story.ts';

let story: Story;
let fake: FakeAcmeShop;
let served: Served;
let shopId: ShopId;

beforeAll(async () => {
  fake = createFakeAcmeShop(() => new Date());
  sendWebhooks(fake.state);
  for (const sku of ['TEAPOT', 'WHISK']) fake.addVariant(sku, '12.50', 0);
  served = await serveOnLoopback((request) => fake.fetch(request));
  story = await openStory({ privateOrigins: [served.origin], connectors: new Map([[acmeShop.code, acmeShop]]) });
  shopId = await connect();
});

afterAll(async () => {
  await story?.close();
  await served?.close();
});

/** A shop as `wharf connector fake` would have it connected: two SKUs, ten of each in one warehouse. */
async function connect(): Promise<ShopId> {
  const { deps } = story.hub;
  const { apiToken, webhookSecret } = fake.state;
  const settings = { baseUrl: served.origin, apiToken, webhookSecret };
  const report = await checkConnection(deps, { channel: acmeShop.code, settings });
  return story.run(async (ctx) => {
    const skus = ['TEAPOT', 'WHISK'].map((code) => ({ code, title: code, weightG: null, barcodes: [] }));
    const [product] = await createProducts(ctx, [{ title: 'Tea', skus }]);
    const place = { code: 'PORT', name: 'Port', countryCode: 'DE', timeZone: 'Europe/Berlin' };
    const { warehouseId } = await createWarehouse(ctx, place);
    const cost = { unitCost: null, costCurrency: null, lotId: null, note: null };
    const received = (product?.skus ?? []).map(({ skuId }) => ({ skuId, warehouseId, quantity: 10, ...cost }));
    await receiveStock(ctx, received);
    const ordersSince = new Date(ctx.now.getTime() - 86_400_000);
    const shop = {
      channel: acmeShop.code,
      name: 'Acme',
      settings,
      claimsAt: 'placed',
      ordersSince,
      pushesStock: false,
    } as const;
    const connected = await connectShop(ctx, deps, { ...shop, report });
    await serveShop(ctx, { shopId: connected.shopId, warehouses: [{ warehouseId, rank: 0 }] });
    return connected.shopId;
  });
}

const taken = (number: string) =>
  waitFor(story, `order ${number}`, () =>
    story.hub.deps.database.read(async (db) => {
      const [found] = await findOrder(db, number);
      return found === undefined ? null : getOrder(db, found.orderId);
    }),
  );

describe('a connector made from the template, in a running hub', () => {
  it('has its listings read, and shows the stock of the warehouse once a person has let it', async () => {
    const { database } = story.hub.deps;
    await waitFor(story, 'two listings', async () => {
      const { items } = await database.read((db) => listListings(db, { after: null, limit: 10 }, {}));
      return items.length === 2;
    });
    await story.run((ctx) => acceptProposals(ctx, { shopId, listingIds: 'all' }));
    const { version } = await database.read((db) => getShop(db, shopId));
    await story.run((ctx) => changeShop(ctx, story.hub.deps, { shopId, version, pushesStock: true }));
    await story.settle();
    expect(fake.state.variants.map(({ available }) => available)).toEqual([10, 10]);
  });

  it('brings an order by webhook, to the minor unit, and shows its package', async () => {
    await waitFor(story, 'the address of the hub', async () => fake.state.webhookUrl);
    const placed = fake.placeOrder({ lines: [{ variantId: fake.state.variants[0]?.id ?? '', quantity: 3 }] });
    const order = await taken(placed.number);
    expect(order.totalMinor).toBe(4_207);
    const planned = await waitFor(story, 'a shipment', async () => {
      const page = await story.hub.deps.database.read((db) =>
        listShipments(db, { after: null, limit: 10 }, { orderId: order.orderId }),
      );
      return page.items.at(0);
    });
    const parcel = { carrier: 'DHL', trackingNumber: 'JD0146', trackingUrl: null, service: null };
    await story.run((ctx) => shipOut(ctx, [{ shipmentId: planned.shipmentId, ...parcel }]));
    await story.settle();
    expect(placed.packages).toMatchObject([{ tracking_number: 'JD0146', items: [{ quantity: 3 }] }]);
    expect(fake.state.variants.map(({ available }) => available)).toEqual([7, 10]);
  });
});
