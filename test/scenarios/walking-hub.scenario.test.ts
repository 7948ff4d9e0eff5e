import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProducts, findSkusByCodes } from '../../src/catalog/index.ts';
import { listListings, mapListings } from '../../src/channels/index.ts';
import { getShipment, listShipments, shipOut, splitShipment } from '../../src/fulfilment/index.ts';
import type { OrderId } from '../../src/kernel/index.ts';
import { findOrder, getOrder } from '../../src/orders/index.ts';
import { requestCancel, requestRefund } from '../../src/outbound/index.ts';
import { availableToPromise, receiveStock } from '../../src/stock/index.ts';
import { connectSandbox, openSandbox, openStory, waitFor, type SandboxShop, type Story } from '../support/story.ts';

let story: Story;
let shop: SandboxShop;

beforeAll(async () => {
  const served = await openSandbox({ seed: 1 });
  story = await openStory({ privateOrigins: [served.origin] });
  shop = await connectSandbox(story, served, { units: [10, 5], unmapped: ['RAIN-L'] });
});

afterAll(async () => {
  await shop?.close();
  await story?.close();
});

const listing = (sku: string): string => {
  const found = shop.sandbox.state.listings.find((each) => each.sku === sku);
  if (found === undefined) throw new Error(`no listing ${sku}`);
  return found.id;
};

const buy = (...lines: [sku: string, quantity: number][]) =>
  shop.sandbox.placeOrder({ lines: lines.map(([sku, quantity]) => ({ listingId: listing(sku), quantity })) });

const orderOf = (number: string) =>
  waitFor(story, `order ${number}`, () =>
    story.hub.deps.database.read(async (db) => {
      const [found] = await findOrder(db, number);
      return found === undefined ? null : getOrder(db, found.orderId);
    }),
  );

const shipmentsOf = (orderId: OrderId) =>
  story.hub.deps.database.read(async (db) => (await listShipments(db, { after: null, limit: 100 }, { orderId })).items);

describe('the walking hub, with a shop that has webhooks', () => {
  it('shows the number of both warehouses in the shop before anything is sold', async () => {
    await story.settle();
    expect(shop.sandbox.saleable(listing('MUG-WHT'))).toBe(15);
  });

  it('takes in an order to the minor unit and takes its units off sale in the shop', async () => {
    const placed = buy(['MUG-WHT', 2], ['TEA-100G', 1]);
    const order = await orderOf(placed.number);
    expect(order.totalMinor).toBe(placed.totalMinor);
    await story.settle();
    expect(shop.sandbox.saleable(listing('MUG-WHT'))).toBe(13);
  });

  it('splits an order over two warehouses when it must, and ships and announces both parcels', async () => {
    const placed = buy(['LAMP-STD', 12]);
    const order = await orderOf(placed.number);
    const planned = await waitFor(story, 'two shipments', async () => {
      const found = await shipmentsOf(order.orderId);
      return found.length === 2 ? found : null;
    });
    expect(new Set(planned.map((shipment) => shipment.warehouseId))).toEqual(new Set(shop.warehouses));
    await story.run((ctx) =>
      shipOut(
        ctx,
        planned.map(({ shipmentId, number }) => parcel(shipmentId, `T-${number}`)),
      ),
    );
    await story.settle();
    const shown = shop.sandbox.order(placed.id).fulfilments;
    expect(shown.map((fulfilment) => fulfilment.trackingNumber).toSorted()).toEqual(
      planned.map(({ number }) => `T-${number}`).toSorted(),
    );
    expect(shown.flatMap((fulfilment) => fulfilment.lines).reduce((sum, line) => sum + line.quantity, 0)).toBe(12);
  });

  it('a parcel that is split leaves in two, and the shop shows each with its own units', async () => {
    const placed = buy(['SOCK-36-40', 4]);
    const order = await orderOf(placed.number);
    const [planned] = await waitFor(story, 'a shipment', async () => nonEmpty(await shipmentsOf(order.orderId)));
    if (planned === undefined) throw new Error('no shipment');
    const shipment = await story.hub.deps.database.read((db) => getShipment(db, planned.shipmentId));
    const line = shipment?.lines[0];
    if (line === undefined) throw new Error('no line');
    const { shipmentId } = await story.run((ctx) =>
      splitShipment(ctx, {
        shipmentId: planned.shipmentId,
        lines: [{ shipmentLineId: line.shipmentLineId, quantity: 1 }],
      }),
    );
    await story.run((ctx) => shipOut(ctx, [parcel(shipmentId, 'PART-1')]));
    await story.settle();
    expect(shop.sandbox.order(placed.id).fulfilments.map((each) => each.lines.map(({ quantity }) => quantity))).toEqual(
      [[1]],
    );
    await story.run((ctx) => shipOut(ctx, [parcel(planned.shipmentId, 'PART-2')]));
    await story.settle();
    expect(shop.sandbox.order(placed.id).fulfilments).toHaveLength(2);
  });

  it('a cancel made in the shop frees the units here', async () => {
    const placed = buy(['NOTE-A5', 3]);
    const order = await orderOf(placed.number);
    await waitFor(story, 'a shipment', async () => nonEmpty(await shipmentsOf(order.orderId)));
    shop.sandbox.cancelOrder(placed.id);
    await waitFor(story, 'the cancel', async () => (await orderOf(placed.number)).cancelledAt);
    await story.settle();
    expect(shop.sandbox.saleable(listing('NOTE-A5'))).toBe(15);
  });

  it('a cancel made here reaches the shop and comes back as a fact', async () => {
    const placed = buy(['NOTE-A6', 2]);
    const order = await orderOf(placed.number);
    await story.run((ctx) =>
      requestCancel(ctx, story.hub.deps.connectors, { orderId: order.orderId, lines: null, reason: 'customer asked' }),
    );
    await waitFor(story, 'the cancel', async () => (await orderOf(placed.number)).cancelledAt);
    await story.settle();
    expect(shop.sandbox.order(placed.id).cancelledAt).not.toBeNull();
    expect(shop.sandbox.saleable(listing('NOTE-A6'))).toBe(15);
  });

  it('refunds flow both ways and add up', async () => {
    const placed = buy(['BOTL-500', 2]);
    const order = await orderOf(placed.number);
    shop.sandbox.refundOrder(placed.id, { amountMinor: 500 });
    await waitFor(story, 'the refund of the shop', async () => (await orderOf(placed.number)).refundedMinor === 500);
    await story.run((ctx) =>
      requestRefund(ctx, story.hub.deps.connectors, {
        orderId: order.orderId,
        amountMinor: 250,
        currency: order.currency,
        reason: 'goodwill',
        lines: [],
      }),
    );
    await waitFor(story, 'our refund', async () => (await orderOf(placed.number)).refundedMinor === 750);
    await story.settle();
    expect(shop.sandbox.order(placed.id).refunds.reduce((sum, refund) => sum + refund.amountMinor, 0)).toBe(750);
  });

  it('orders for an unmapped listing wait together and go on by themselves once it is mapped', async () => {
    const waiting = [buy(['RAIN-L', 1]), buy(['RAIN-L', 2], ['MUG-BLU', 1])];
    for (const placed of waiting) {
      const order = await orderOf(placed.number);
      expect(order.holds).toContain('unmapped');
    }
    await story.run((ctx) =>
      createProducts(ctx, [
        { title: 'Rain jacket', skus: [{ code: 'RAIN-L', title: 'L', weightG: null, barcodes: [] }] },
      ]),
    );
    const skuId = (await story.hub.deps.database.read((db) => findSkusByCodes(db, ['RAIN-L']))).get('RAIN-L');
    if (skuId === undefined) throw new Error('no SKU');
    const { items } = await story.hub.deps.database.read((db) =>
      listListings(db, { after: null, limit: 200 }, { shopId: shop.shopId }),
    );
    const unmapped = items.find((each) => each.externalId === listing('RAIN-L'));
    if (unmapped === undefined) throw new Error('no listing');
    await story.run((ctx) => mapListings(ctx, [{ listingId: unmapped.listingId, skuId, multiplier: 1 }]));
    const [warehouseId] = shop.warehouses;
    if (warehouseId === undefined) throw new Error('no warehouse');
    await story.run((ctx) =>
      receiveStock(ctx, [
        { skuId, warehouseId, quantity: 9, unitCost: null, costCurrency: null, lotId: null, note: null },
      ]),
    );
    for (const placed of waiting) {
      await waitFor(story, 'the order to go on', async () => {
        const order = await orderOf(placed.number);
        return order.holds.length === 0 && nonEmpty(await shipmentsOf(order.orderId));
      });
    }
    await story.settle();
    const available = await story.hub.deps.database.read((db) => availableToPromise(db, shop.shopId, [skuId]));
    expect(available.get(skuId)).toBe(6);
    expect(shop.sandbox.saleable(listing('RAIN-L'))).toBe(6);
  });
});

function parcel(shipmentId: Parameters<typeof shipOut>[1][number]['shipmentId'], trackingNumber: string) {
  return { shipmentId, carrier: 'DHL', trackingNumber, trackingUrl: null, service: null };
}

function nonEmpty<Item>(items: readonly Item[]): readonly Item[] | null {
  return items.length > 0 ? items : null;
}
