import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { medusa } from '../../../connectors/medusa/index.ts';
import type { StockPush } from '../../../src/connector-kit/index.ts';
import { moneyFromDecimal } from '../../../src/kernel/index.ts';
import { catalogue } from '../catalogue.ts';
import { purchaseFor } from '../purchases.ts';
import { whyNotInstallable } from '../storefront/install-from-npm.ts';
import { buy, type PlacedOrder } from './buyer.ts';
import { connectorBench, isRejected, residualOf, since } from './connector-bench.ts';
import { expectReturns } from './expect-returns.ts';
import { medusaPackages } from './install.ts';
import { capturePayments, editInStorefront, readOrder, readOrders, readStock, refundInStorefront } from './merchant.ts';
import { openShop, type LiveShop } from './open-shop.ts';

const skipped = await whyNotInstallable(medusaPackages);
const ordersTotal = 8;

describe.skipIf(skipped !== null)('the medusa connector against a real Medusa', () => {
  let shop: LiveShop;
  const placed: PlacedOrder[] = [];

  beforeAll(async () => {
    shop = await openShop(inject('cluster').adminUrl);
    const { install, startSeconds } = shop.server;
    console.info(`Medusa: install ${install.fromCache ? 'cached' : `${install.seconds} s`}, start ${startSeconds} s`);
  });
  afterAll(() => shop?.close());

  const live = connectorBench(() => shop);
  const { io, pullAll, read, buyNow, pushStock, shownStock } = live;

  it('takes in orders of both tax bases once each: charged text kept, rounded once, no residual', async () => {
    for (let index = 0; index < ordersTotal; index += 1) {
      placed.push(await buy(shop, purchaseFor(7, index), index, index % 2 === 0 ? 'net' : 'gross'));
    }
    const startedMs = Date.now();
    const orders = await pullAll();
    console.info(`${ordersTotal} orders pulled in ${Date.now() - startedMs} ms`);
    expect(orders.map((order) => order.externalId)).toEqual(placed.map((order) => order.id));
    const truth = await readOrders(shop.admin);
    expect(orders.map((order) => order.chargedTotal)).toEqual(truth.map((order) => order.charged));
    expect(orders.map((order) => order.totalMinor)).toEqual(
      truth.map((order) => moneyFromDecimal(order.charged, 'EUR').amount.minor),
    );
    expect(
      truth.some((order) => /\.\d{3,}/.test(order.charged)),
      'an order is charged fractions of a cent',
    ).toBe(true);
    expect(orders.map(residualOf)).toEqual(orders.map(() => 0));
    expect(orders.every((order) => order.paymentState === 'authorised')).toBe(true);
    expect(orders.some((order) => order.discounts.some((discount) => discount.code === 'SAVE10'))).toBe(true);
    expect(await medusa.orders.countOrders?.(io(), since)).toBe(ordersTotal);
  });

  it('finds a captured payment only by reading the order again', async () => {
    const before = await read(placed[0]?.id ?? '');
    await capturePayments(shop.admin, before.externalId);
    const after = await read(before.externalId);
    expect([before.paymentState, after.paymentState]).toEqual(['authorised', 'paid']);
    expect(after.updatedAt).toBe(before.updatedAt);
  });

  it('lists every variant with its SKU', async () => {
    const page = await medusa.listings?.pullListings(io(), null);
    expect(page?.items).toHaveLength(catalogue.length);
    expect(new Set(page?.items.map((listing) => listing.sku))).toEqual(new Set(catalogue.map((item) => item.sku)));
    expect(page?.items.every((listing) => listing.tracksStock && listing.isActive)).toBe(true);
  });

  it('sets stock by location, and the storefront sells what is left after its own reservations', async () => {
    const before = await readStock(shop.admin);
    const [harbour, hinterland] = shop.seeded.locations;
    const pushes = catalogue.map(({ sku }, index): StockPush => {
      const locations = [
        { locationExternalId: harbour, quantity: 60 + index },
        { locationExternalId: hinterland, quantity: 30 },
      ];
      const quantity = 90 + index + (before.get(sku)?.reserved ?? 0);
      return { listingExternalId: shop.seeded.variants.get(sku) ?? '', quantity, locations, version: '1' };
    });
    const unknown: StockPush = { listingExternalId: 'variant_unknown', quantity: 1, locations: [], version: '1' };
    const results = [
      ...(await pushStock([...pushes.slice(0, 7), unknown, ...pushes.slice(7, 18)])),
      ...(await pushStock(pushes.slice(18))),
    ];
    expect(results.filter((result) => result.outcome === 'failed')).toMatchObject([
      { listingExternalId: 'variant_unknown', code: 'not_found' },
    ]);
    const shown = await shownStock(pushes.map((push) => push.listingExternalId));
    const truth = await readStock(shop.admin);
    const byId = new Map(shown.map((row) => [row.listingExternalId, row]));
    for (const [index, { sku }] of catalogue.entries()) {
      const row = byId.get(shop.seeded.variants.get(sku) ?? '');
      expect([truth.get(sku)?.saleable, row?.saleable], sku).toEqual([90 + index, 90 + index]);
      expect(row?.locations, sku).toContainEqual({ locationExternalId: hinterland, quantity: 30 });
    }
  });

  it('makes the level that a location does not have yet', async () => {
    const { stock_location: attic } = await shop.admin.post('/admin/stock-locations', { name: 'Attic' });
    const listingExternalId = shop.seeded.variants.get('PEN-BRASS') ?? '';
    const { reserved } = (await readStock(shop.admin)).get('PEN-BRASS') ?? { reserved: 0 };
    const locations = [...shop.seeded.locations, attic.id].map((locationExternalId) => ({
      locationExternalId,
      quantity: 5,
    }));
    const push = { listingExternalId, quantity: 15 + reserved, locations, version: '2' };
    expect(await pushStock([push])).toEqual([{ listingExternalId, outcome: 'told' }]);
    const [shown] = await shownStock([listingExternalId]);
    expect(shown?.saleable).toBe(15);
    expect(shown?.locations).toHaveLength(3);
  });

  it('announces a part, then the rest, each once however often it is said', async () => {
    const order = await buyNow([
      { sku: 'MUG-ENAM', quantity: 3 },
      { sku: 'TEA-BLACK', quantity: 2 },
    ]);
    const line = (sku: string): string => order.lines.find((row) => row.sku === sku)?.externalId ?? '';
    const announce = (trackingNumber: string, units: [string, number][]): Promise<{ externalId: string }> =>
      medusa.shipments?.announceShipment(io(), {
        orderExternalId: order.externalId,
        packageReference: `package-${trackingNumber}`,
        trackingNumber,
        carrier: 'DHL',
        trackingUrl: 'https://track.example.com/1',
        shippedAt: new Date(),
        lines: units.map(([lineExternalId, quantity]) => ({ lineExternalId, quantity })),
      }) ?? Promise.reject(new Error('no shipments'));
    const first = await announce('PART-1', [[line('MUG-ENAM'), 1]]);
    expect(await announce('PART-1', [[line('MUG-ENAM'), 1]])).toEqual(first);
    expect((await readOrder(shop.admin, order.externalId)).fulfilmentStatus).toBe('partially_shipped');
    // As a crash between the two steps leaves it: the fulfilment is made and not shipped.
    const rest: [string, number][] = [
      [line('TEA-BLACK'), 2],
      [line('MUG-ENAM'), 2],
    ];
    await shop.admin.post(`/admin/orders/${order.externalId}/fulfillments`, {
      items: rest.map(([id, quantity]) => ({ id, quantity })),
      metadata: { wharf_package: 'package-PART-2' },
    });
    const second = await announce('PART-2', rest);
    expect(await announce('PART-2', rest)).toEqual(second);
    const truth = await readOrder(shop.admin, order.externalId);
    expect(truth.fulfilmentStatus).toBe('shipped');
    expect(truth.fulfilments.map(({ tracking, units }) => [tracking, units])).toEqual([
      ['PART-1', 1],
      ['PART-2', 4],
    ]);
    const after = await read(order.externalId);
    expect(after.lines.every((row) => row.fulfilledQuantity === row.quantity)).toBe(true);
    expect(after.isClosed).toBe(true);
    await expect(announce('PART-3', [[line('MUG-ENAM'), 1]])).rejects.toSatisfy(isRejected('invalid_data'));
  });

  it('cancels by cumulative units and then the rest, and keeps what was first sold', async () => {
    const order = await buyNow([
      { sku: 'CAP-NAVY', quantity: 5 },
      { sku: 'BISCUIT', quantity: 2 },
    ]);
    const cap = order.lines.find((row) => row.sku === 'CAP-NAVY')?.externalId ?? '';
    const cancel = (lines: { lineExternalId: string; quantity: number }[] | null): Promise<void> | undefined =>
      medusa.orders.cancelOrder?.(io(), { orderExternalId: order.externalId, lines, reason: 'out of stock' });
    for (const quantity of [2, 2, 3]) await cancel([{ lineExternalId: cap, quantity }]);
    const partly = await read(order.externalId);
    expect(partly.lines.find((row) => row.externalId === cap)).toMatchObject({ quantity: 5, cancelledQuantity: 3 });
    expect((await readOrder(shop.admin, order.externalId)).units).toBe(4);
    await cancel(null);
    await cancel(null);
    const whole = await read(order.externalId);
    expect(whole.lines.every((row) => row.cancelledQuantity === row.quantity)).toBe(true);
    expect(whole.cancelledAt).not.toBeNull();
    expect((await readOrder(shop.admin, order.externalId)).status).toBe('canceled');
    for (const cancelled of [partly, whole]) {
      expect(cancelled.totalMinor).toBe(order.totalMinor);
      expect(cancelled.chargedTotal).toBe(order.chargedTotal);
      expect(cancelled.lines.map((row) => row.amountMinor)).toEqual(order.lines.map((row) => row.amountMinor));
      expect(residualOf(cancelled)).toBe(0);
    }
    expect(whole.isClosed).toBe(true);
  });

  it('keeps an authorised payment from being voided by a partial cancel', async () => {
    const order = await buyNow([{ sku: 'CAP-NAVY', quantity: 2 }], false);
    const lines = [{ lineExternalId: order.lines[0]?.externalId ?? '', quantity: 1 }];
    const command = { orderExternalId: order.externalId, lines, reason: 'test' };
    await expect(medusa.orders.cancelOrder?.(io(), command)).rejects.toSatisfy(isRejected('payment_not_captured'));
    expect((await read(order.externalId)).paymentState).toBe('authorised');
  });

  it('sees a line that the merchant took out of an order as cancelled, and leaves the merchant’s open edit alone', async () => {
    const order = await buyNow([
      { sku: 'LAMP-HEAD', quantity: 2 },
      { sku: 'LAMP-DECK', quantity: 1 },
    ]);
    const line = (sku: string): string => order.lines.find((row) => row.sku === sku)?.externalId ?? '';
    await editInStorefront(shop.admin, order.externalId, line('LAMP-DECK'), 0);
    const edited = await read(order.externalId);
    const shown = new Map(edited.lines.map((row) => [row.sku, [row.quantity, row.cancelledQuantity]]));
    expect(shown).toEqual(
      new Map([
        ['LAMP-DECK', [1, 1]],
        ['LAMP-HEAD', [2, 0]],
      ]),
    );
    expect(edited.totalMinor).toBe(order.totalMinor);
    await shop.admin.post('/admin/order-edits', { order_id: order.externalId });
    const lines = [{ lineExternalId: line('LAMP-HEAD'), quantity: 1 }];
    const command = { orderExternalId: order.externalId, lines, reason: 'test' };
    await expect(medusa.orders.cancelOrder?.(io(), command)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('refunds once for one request, the rest with every decimal, and reads the refunds of the merchant', async () => {
    const order = await buyNow([{ sku: 'ROPE-10', quantity: 2 }]);
    const refund = (requestId: string, amountMinor: number): Promise<{ externalId: string }> | undefined =>
      medusa.orders.refundOrder?.(io(), {
        orderExternalId: order.externalId,
        amountMinor,
        currency: 'EUR',
        reason: 'damaged',
        lines: [],
        requestId,
      });
    const first = await refund('request-1', 700);
    expect(await refund('request-1', 700)).toEqual(first);
    await refundInStorefront(shop.admin, order.externalId, 1.5);
    await refund('request-2', order.totalMinor - 850);
    const after = await read(order.externalId);
    expect(after.refunds.map((row) => [row.amountMinor, row.state, row.reason])).toEqual([
      [700, 'settled', 'damaged'],
      [150, 'settled', 'refunded by the merchant'],
      [order.totalMinor - 850, 'settled', 'damaged'],
    ]);
    expect(after.totalMinor, 'a refund lowers Medusa’s total, not the sale').toBe(order.totalMinor);
    await expect(refund('request-3', 100)).rejects.toSatisfy(isRejected('refund_exceeds_payment'));
  });

  it('shows returns once they are requested, and the amounts as first sold when they are received', () =>
    expectReturns(shop.admin, live));

  it('tells kits no number, and a pack its own', async () => {
    const { inventory_items: items } = await shop.admin.get('/admin/inventory-items?sku[]=STAMP-SET&fields=id');
    const [product] = (await shop.admin.get('/admin/products?limit=1&fields=id,shipping_profile.id')).products;
    const variant = (title: string, sku: string | null, inventory: unknown): unknown => ({
      title,
      ...(sku === null ? {} : { sku }),
      options: { kind: title },
      manage_inventory: inventory !== null,
      ...(Array.isArray(inventory) ? { inventory_items: inventory } : {}),
      prices: [{ currency_code: 'eur', amount: 9 }],
    });
    const made = await shop.admin.post('/admin/products?fields=id,*variants', {
      title: 'Kinds',
      status: 'published',
      shipping_profile_id: product.shipping_profile?.id,
      options: [{ title: 'kind', values: ['six', 'free', 'nameless'] }],
      variants: [
        variant('six', 'STAMP-6', [{ inventory_item_id: items[0].id, required_quantity: 6 }]),
        variant('free', 'POSTER', null),
        variant('nameless', null, []),
      ],
    });
    expect(made.product.variants).toHaveLength(3);
    const page = await medusa.listings?.pullListings(io(), null);
    const of = (title: string) => page?.items.find((listing) => listing.title === `Kinds, ${title}`);
    expect([of('six')?.tracksStock, of('free')?.tracksStock, of('nameless')?.tracksStock]).toEqual([
      false,
      false,
      true,
    ]);
    expect(of('nameless')?.sku).toBeNull();
    expect(page?.items.find((listing) => listing.sku === 'STAMP-SET')?.tracksStock).toBe(true);
  });

  it('takes one sales channel alone where it is told to, and is refused with a wrong key', async () => {
    const nowhere = io({ salesChannelId: 'sc_nowhere' });
    expect((await medusa.orders.pullOrders?.(nowhere, null, since))?.items).toEqual([]);
    expect(await medusa.orders.readOrders(nowhere, [placed[0]?.id ?? ''])).toEqual([]);
    expect(await medusa.check(io())).toMatchObject({ currency: 'EUR' });
    await expect(medusa.check(io({ apiKey: 'sk_nope' }))).rejects.toMatchObject({ kind: 'unauthorised' });
  });
});
