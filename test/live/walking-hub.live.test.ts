import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createToken } from '../../src/identity/index.ts';
import { apiClient, furnish, untilWithin, type ApiClient, type ApiSeller } from '../support/api-client.ts';
import { openStory, type Story } from '../support/story.ts';
import { catalogue } from './catalogue.ts';
import { purchaseFor } from './purchases.ts';
import { whyNotInstallable } from './storefront/install-from-npm.ts';
import { buy, type PlacedOrder } from './vendure/buyer.ts';
import { vendurePackages } from './vendure/install.ts';
import {
  cancelInStorefront,
  readOrder,
  readOrders,
  readStock,
  refundInStorefront,
  settlePayment,
} from './vendure/merchant.ts';
import { openShop, type LiveShop } from './vendure/open-shop.ts';

const ordersTotal = 30;
const unitsEach = 80;
const skipped = await whyNotInstallable(vendurePackages);
const until = untilWithin(120_000);

type Money = { minor: number; currency: string };
type Order = {
  orderId: string;
  number: number;
  externalId: string;
  total: Money;
  refunded: Money;
  cancelledAt: string | null;
};
type Shipment = {
  shipmentId: string;
  number: number;
  warehouseCode: string;
  state: string;
  units: number;
  trackingNumber: string | null;
};

describe.skipIf(skipped !== null)('a real Vendure, walked through the API alone', () => {
  let shop: LiveShop;
  let story: Story;
  let api: ApiClient;
  let seller: ApiSeller;
  const placed: PlacedOrder[] = [];

  beforeAll(async () => {
    shop = await openShop(inject('cluster').adminUrl, { pricesIncludeTax: true });
    story = await openStory({ privateOrigins: [new URL(shop.server.adminApiUrl).origin] });
    const { token } = await story.run((ctx) => createToken(ctx, { name: 'live', scopes: ['*'], expiresAt: null }));
    api = apiClient(story.served.origin, token);
    seller = await furnish(api, {
      channel: 'vendure',
      settings: { adminApiUrl: shop.server.adminApiUrl, ...shop.server.credentials },
      // Each SKU lies in one warehouse only, so an order of several lines needs parcels from both.
      skus: catalogue.map(({ sku, name }, index) => ({
        code: sku,
        title: name,
        units: index % 2 === 0 ? [unitsEach, 0] : [0, unitsEach],
      })),
      warehouses: ['HARBOUR', 'HINTERLAND'],
      until,
    });
  });

  afterAll(async () => {
    await story?.close();
    await shop?.close();
  });

  const orderOf = async (externalId: string): Promise<Order> => {
    const found = (await api.all<Order>('/orders')).find((order) => order.externalId === externalId);
    if (found === undefined) throw new Error(`no order ${externalId}`);
    return found;
  };

  const shipmentsOf = (order: Order): Promise<Shipment[]> => api.all<Shipment>(`/shipments?orderId=${order.orderId}`);

  const ship = (shipments: readonly Shipment[]): Promise<unknown> =>
    api.post('/shipments/ship-out', {
      shipments: shipments.map(({ shipmentId, number }) => ({
        shipmentId,
        carrier: 'DHL',
        trackingNumber: `JD${number}`,
        trackingUrl: null,
        service: null,
      })),
    });

  /** What the hub promises of each SKU equals what a buyer can buy there, one by one. */
  const expectSameNumbers = async (): Promise<void> => {
    await story.settle(120_000);
    const truth = await readStock(shop.admin);
    const skuIds = [...seller.skuIds.values()].join(',');
    const { items } = await api.get<{ items: { skuId: string; units: number }[] }>(
      `/stock/promises?shopId=${seller.shopId}&skuIds=${skuIds}`,
    );
    const promised = new Map(items.map(({ skuId, units }) => [skuId, units]));
    const shown = [...seller.skuIds].map(([code]) => [code, truth.get(code)?.saleable]);
    expect(shown).toEqual([...seller.skuIds].map(([code, skuId]) => [code, Math.max(0, promised.get(skuId) ?? 0)]));
  };

  it('shows the stock of both warehouses at their locations', async () => {
    await expectSameNumbers();
    expect((await readStock(shop.admin)).get(catalogue[0]?.sku ?? '')?.saleable).toBe(unitsEach);
  });

  it('takes in thirty orders, each once and equal to the minor unit', async () => {
    for (let index = 0; index < ordersTotal; index += 1) {
      placed.push(await buy(shop.server.shopApiUrl, purchaseFor(11, index), index));
    }
    const orders = await until('thirty orders', async () => {
      const found = await api.all<Order>('/orders');
      return found.length >= ordersTotal ? found : null;
    });
    const truth = await readOrders(shop.admin);
    const byId = (left: { 0: string }, right: { 0: string }): number => Number(left[0]) - Number(right[0]);
    expect(orders.map((order) => [order.externalId, order.total.minor] as const).toSorted(byId)).toEqual(
      truth.map((order) => [order.id, order.totalWithTax] as const).toSorted(byId),
    );
    expect(new Set(placed.map((order) => order.id)).size).toBe(ordersTotal);
  });

  it('allocates from two warehouses, and the storefront sells what is left', async () => {
    await expectSameNumbers();
    const shipments = await api.all<Shipment>('/shipments');
    expect(new Set(shipments.map((shipment) => shipment.warehouseCode))).toEqual(new Set(['HARBOUR', 'HINTERLAND']));
  });

  it('a stock change here is shown there', async () => {
    const [sku, skuId] = [...seller.skuIds][0] ?? ['', ''];
    const before = (await readStock(shop.admin)).get(sku)?.saleable ?? 0;
    await api.post('/stock/adjustments', {
      lines: [{ skuId, warehouseId: seller.warehouseIds[0], delta: 7, reason: 'adjusted', note: 'found' }],
    });
    await expectSameNumbers();
    expect((await readStock(shop.admin)).get(sku)?.saleable).toBe(before + 7);
  });

  it('shows a part of an order with its tracking, then the rest', async () => {
    await settleAuthorised();
    for (const [index, { id }] of placed.entries()) {
      const order = await orderOf(id);
      const planned = await shipmentsOf(order);
      if (index < 4 || planned.length < 2) continue;
      const [first, ...others] = planned;
      if (first === undefined) continue;
      await ship([first]);
      await story.settle(120_000);
      const partly = await readOrder(shop.admin, id);
      expect(partly.state).toBe('PartiallyShipped');
      expect(partly.fulfilments.map(({ trackingCode, units }) => [trackingCode, units])).toEqual([
        [`JD${first.number}`, first.units],
      ]);
      await ship(others);
      await story.settle(120_000);
      const whole = await readOrder(shop.admin, id);
      expect(whole.state).toBe('Shipped');
      expect(whole.fulfilments).toHaveLength(planned.length);
      await expectSameNumbers();
      return;
    }
    throw new Error('no order needed two parcels');
  });

  it('ships all the rest but four, each package once', async () => {
    const kept = new Set(await Promise.all(placed.slice(0, 4).map(async ({ id }) => (await orderOf(id)).orderId)));
    const planned = await api.all<Shipment & { orders: { orderId: string }[] }>('/shipments?state=planned');
    await ship(planned.filter((shipment) => shipment.orders.every(({ orderId }) => !kept.has(orderId))));
    await expectSameNumbers();
    const truth = await readOrders(shop.admin);
    const notKept = truth.filter((order) => !placed.slice(0, 4).some(({ id }) => id === order.id));
    expect(notKept.map((order) => order.state)).toEqual(notKept.map(() => 'Shipped'));
    for (const order of notKept) {
      const sold = order.lines.reduce((sum, line) => sum + line.quantity, 0);
      expect(order.fulfilments.reduce((sum, fulfilment) => sum + fulfilment.units, 0)).toBe(sold);
    }
  });

  it('a cancel made in the storefront arrives, and the amounts as first sold stay', async () => {
    const [first] = placed;
    if (first === undefined) throw new Error('no order');
    const { total } = await orderOf(first.id);
    await cancelInStorefront(shop.admin, first.id, null);
    const cancelled = await until('the cancel', async () => {
      const order = await orderOf(first.id);
      return order.cancelledAt === null ? null : order;
    });
    expect(cancelled.total).toEqual(total);
    await expectSameNumbers();
  });

  it('a cancel made here reaches the storefront', async () => {
    const second = placed[1];
    if (second === undefined) throw new Error('no order');
    const order = await orderOf(second.id);
    await api.post(`/orders/${order.orderId}/cancel`, { lines: null, reason: 'customer asked' });
    await until('the cancel', async () => ((await orderOf(second.id)).cancelledAt === null ? null : true));
    expect((await readOrder(shop.admin, second.id)).state).toBe('Cancelled');
    await expectSameNumbers();
  });

  it('refunds flow both ways', async () => {
    const last = placed[5];
    if (last === undefined) throw new Error('no order');
    const [payment] = (await readOrder(shop.admin, last.id)).payments;
    await refundInStorefront(shop.admin, payment?.id ?? '', 120);
    await until('the refund of the storefront', async () =>
      (await orderOf(last.id)).refunded.minor === 120 ? true : null,
    );
    const order = await orderOf(last.id);
    await api.post(`/orders/${order.orderId}/refunds`, {
      amount: { minor: 80, currency: order.total.currency },
      reason: 'goodwill',
    });
    await until('our refund', async () => ((await orderOf(last.id)).refunded.minor === 200 ? true : null));
    const { refunds } = await readOrder(shop.admin, last.id);
    expect(refunds.reduce((sum, refund) => sum + refund.total, 0)).toBe(200);
    await expectSameNumbers();
  });

  async function settleAuthorised(): Promise<void> {
    for (const order of await readOrders(shop.admin)) {
      for (const payment of order.payments) {
        if (payment.state === 'Authorized') await settlePayment(shop.admin, payment.id);
      }
    }
  }
});
