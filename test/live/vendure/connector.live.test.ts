import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { vendure } from '../../../connectors/vendure/index.ts';
import type { VendureSettings } from '../../../connectors/vendure/settings.ts';
import {
  ChannelFault,
  channelOrder,
  type ChannelOrder,
  type ConnectorIo,
  type StockPush,
} from '../../../src/connector-kit/index.ts';
import { catalogue } from '../catalogue.ts';
import { purchaseFor } from '../purchases.ts';
import { whyNotInstallable } from '../storefront/install-from-npm.ts';
import { buy, type PlacedOrder } from './buyer.ts';
import { vendurePackages } from './install.ts';
import { cancelInStorefront, readOrder, readOrders, readStock, refundInStorefront, settlePayment } from './merchant.ts';
import { openShop, type LiveShop } from './open-shop.ts';
import { updateChannel } from './seed.ts';

const skipped = await whyNotInstallable(vendurePackages);
const since = new Date(Date.now() - 3_600_000);

describe.skipIf(skipped !== null)('the vendure connector against a real Vendure', () => {
  let shop: LiveShop;
  const placed: PlacedOrder[] = [];

  beforeAll(async () => {
    shop = await openShop(inject('cluster').adminUrl, { pricesIncludeTax: true });
    const { install, startSeconds } = shop.server;
    console.info(`Vendure: install ${install.fromCache ? 'cached' : `${install.seconds} s`}, start ${startSeconds} s`);
  });
  afterAll(() => shop?.close());

  const io = (options: { settings?: Record<string, unknown> } = {}): ConnectorIo<VendureSettings> => ({
    settings: vendure.settings.parse({
      adminApiUrl: shop.server.adminApiUrl,
      ...(options.settings ?? shop.server.credentials),
    }),
    fetch,
    now: new Date(),
    signal: new AbortController().signal,
    log: { debug: () => undefined, warn: () => undefined },
  });

  async function pullAll(): Promise<ChannelOrder[]> {
    const orders: ChannelOrder[] = [];
    let state: Parameters<typeof vendure.orders.pullOrders>[1] = null;
    do {
      const page = await vendure.orders.pullOrders(io(), state, since);
      orders.push(...page.items.map(({ body }) => translate(body)));
      state = page.next;
    } while (state !== null);
    return orders;
  }

  function translate(body: string): ChannelOrder {
    return channelOrder.parse(vendure.orders.toChannelOrder(body, io().settings));
  }

  async function read(externalId: string): Promise<ChannelOrder> {
    const [document] = await vendure.orders.readOrders(io(), [externalId]);
    return translate(document?.body ?? '');
  }

  /** Buys something for this test alone. */
  async function buyNow(lines: { sku: string; quantity: number }[]): Promise<ChannelOrder> {
    const purchase = { lines, withCoupon: false, express: false, asMember: false, authoriseOnly: false };
    return read((await buy(shop.server.shopApiUrl, purchase, 1000 + placed.length)).id);
  }

  it('takes in thirty orders of both tax bases once each, to the minor unit', async () => {
    for (let index = 0; index < 30; index += 1) {
      if (index === 15) {
        const { activeChannel } = await shop.admin('{ activeChannel { id } }');
        await updateChannel(shop.admin, activeChannel.id, false);
      }
      placed.push(await buy(shop.server.shopApiUrl, purchaseFor(7, index), index));
    }
    const startedMs = Date.now();
    const orders = await pullAll();
    console.info(`30 orders pulled in ${Date.now() - startedMs} ms`);
    expect(orders.map((order) => order.externalId)).toEqual(placed.map((order) => order.id));
    const truth = await readOrders(shop.admin);
    expect(orders.map((order) => order.totalMinor)).toEqual(truth.map((order) => order.totalWithTax));
    expect(orders.map(residualOf)).toEqual(orders.map(() => 0));
    expect(new Set(orders.map((order) => order.paymentState))).toEqual(new Set(['paid', 'authorised']));
    expect(orders.some((order) => order.discounts.some((discount) => discount.code === 'SAVE10'))).toBe(true);
    expect(await vendure.orders.countOrders?.(io(), since)).toBe(30);
  });

  it('lists every variant with its SKU', async () => {
    const page = await vendure.listings?.pullListings(io(), null);
    expect(page?.items).toHaveLength(catalogue.length);
    expect(new Set(page?.items.map((listing) => listing.sku))).toEqual(new Set(catalogue.map((item) => item.sku)));
  });

  it('sets stock per location, and the storefront sells what is left of it after its own allocations', async () => {
    const before = await readStock(shop.admin);
    const [harbour, hinterland] = shop.seeded.locations;
    const pushes = catalogue.map(({ sku }, index): StockPush => {
      const locations = [
        { locationExternalId: harbour, quantity: 60 + index },
        { locationExternalId: hinterland, quantity: 30 },
      ];
      return { listingExternalId: shop.seeded.variants.get(sku) ?? '', quantity: 90 + index, locations, version: '1' };
    });
    const unknown: StockPush = { listingExternalId: '99999', quantity: 1, locations: [], version: '1' };
    const results = await vendure.stock?.pushStock(io(), [...pushes.slice(0, 7), unknown, ...pushes.slice(7)]);
    expect(results?.filter((result) => result.outcome === 'failed').map((result) => result.listingExternalId)).toEqual([
      '99999',
    ]);
    const shown = await vendure.stock?.readStock(
      io(),
      pushes.map((push) => push.listingExternalId),
    );
    const truth = await readStock(shop.admin);
    for (const [index, { sku }] of catalogue.entries()) {
      const expected = 90 + index - (before.get(sku)?.allocated ?? 0);
      expect(truth.get(sku)?.saleable, sku).toBe(expected);
      expect(shown?.find((row) => row.listingExternalId === shop.seeded.variants.get(sku))?.saleable, sku).toBe(
        expected,
      );
    }
  });

  it('announces a part, then the rest, each once however often it is said', async () => {
    const order = await buyNow([
      { sku: 'MUG-ENAM', quantity: 3 },
      { sku: 'TEA-BLACK', quantity: 2 },
    ]);
    const [mugs, tea] = order.lines;
    const announce = (trackingNumber: string, units: [string, number][]): Promise<{ externalId: string }> =>
      vendure.shipments?.announceShipment(io(), {
        orderExternalId: order.externalId,
        packageReference: `package-${trackingNumber}`,
        trackingNumber,
        carrier: 'DHL',
        trackingUrl: null,
        shippedAt: new Date(),
        lines: units.map(([lineExternalId, quantity]) => ({ lineExternalId, quantity })),
      }) ?? Promise.reject(new Error('no shipments'));
    const mugLine = mugs?.externalId ?? '';
    const first = await announce('PART-1', [[mugLine, 1]]);
    expect(await announce('PART-1', [[mugLine, 1]])).toEqual(first);
    expect((await readOrder(shop.admin, order.externalId)).state).toBe('PartiallyShipped');
    const rest: [string, number][] = [
      [tea?.externalId ?? '', 2],
      [mugLine, 2],
    ];
    const second = await announce('PART-2', rest);
    expect(await announce('PART-2', rest.toReversed())).toEqual(second);
    const truth = await readOrder(shop.admin, order.externalId);
    expect(truth.state).toBe('Shipped');
    expect(truth.fulfilments.map(({ trackingCode, units }) => [trackingCode, units])).toEqual([
      ['PART-1', 1],
      ['PART-2', 4],
    ]);
    const after = await read(order.externalId);
    expect(after.lines.map((line) => line.fulfilledQuantity)).toEqual([3, 2]);
    expect(after.updatedAt, 'shipping does not move the change clock').toBe(order.updatedAt);
    await expect(announce('PART-3', [[mugLine, 1]])).rejects.toSatisfy(isRejected('items_already_fulfilled_error'));
  });

  it('cancels by cumulative units and then the rest, and keeps what was first sold', async () => {
    const order = await buyNow([
      { sku: 'BISCUIT', quantity: 5 },
      { sku: 'PEN-BRASS', quantity: 7 },
    ]);
    const [biscuits] = order.lines;
    const lines = [{ lineExternalId: biscuits?.externalId ?? '', quantity: 2 }];
    const cancel = (what: typeof lines | null): Promise<void> | undefined =>
      vendure.orders.cancelOrder?.(io(), { orderExternalId: order.externalId, lines: what, reason: 'out of stock' });
    await cancel(lines);
    await cancel(lines);
    const partly = await read(order.externalId);
    expect(partly.lines.map(({ quantity, cancelledQuantity }) => [quantity, cancelledQuantity])).toEqual([
      [5, 2],
      [7, 0],
    ]);
    await cancel(null);
    await cancel(null);
    const whole = await read(order.externalId);
    expect(whole.lines.map((line) => line.cancelledQuantity)).toEqual([5, 7]);
    expect(whole.cancelReason).toBe('out of stock');
    for (const reduced of [partly, whole]) {
      expect(reduced.amountsAreReduced).toBe(true);
      expect(reduced.totalMinor).toBe(order.totalMinor);
      expect(reduced.lines.map((line) => line.amountMinor)).toEqual(order.lines.map((line) => line.amountMinor));
      expect(residualOf(reduced)).toBe(0);
    }
    expect((await readOrder(shop.admin, order.externalId)).totalWithTax).toBe(0);
    expect(whole.isClosed, 'the money is still to be paid back').toBe(false);
  });

  it('refunds once for one request, and reads the refunds and cancels of the merchant', async () => {
    const order = await buyNow([{ sku: 'ROPE-10', quantity: 2 }]);
    const refund = (requestId: string): Promise<{ externalId: string }> | undefined =>
      vendure.orders.refundOrder?.(io(), {
        orderExternalId: order.externalId,
        amountMinor: 700,
        currency: 'EUR',
        reason: 'damaged',
        lines: [{ lineExternalId: order.lines[0]?.externalId ?? '', quantity: 1 }],
        requestId,
      });
    const first = await refund('request-1');
    expect(await refund('request-1')).toEqual(first);
    expect(await refund('request-2')).not.toEqual(first);
    const truth = await readOrder(shop.admin, order.externalId);
    expect(truth.refunds.map(({ total, state }) => [total, state])).toEqual([
      [700, 'Settled'],
      [700, 'Settled'],
    ]);
    await cancelInStorefront(shop.admin, order.externalId, null);
    await refundInStorefront(shop.admin, truth.payments[0]?.id ?? '', order.totalMinor - 1400);
    const after = await read(order.externalId);
    expect(after.refunds.map((row) => [row.amountMinor, row.state, row.reason])).toEqual([
      [700, 'settled', 'damaged'],
      [700, 'settled', 'damaged'],
      [order.totalMinor - 1400, 'settled', 'refunded by the merchant'],
    ]);
    expect(after.cancelledAt).not.toBeNull();
    expect(after.isClosed).toBe(true);
    await expect(refund('request-3')).rejects.toSatisfy(isRejected('refund_exceeds_payment'));
  });

  it('finds a settled payment only by reading the order again', async () => {
    const authorised = placed.find((order) => order.state === 'PaymentAuthorized');
    const before = await read(authorised?.id ?? '');
    const truth = await readOrder(shop.admin, before.externalId);
    await settlePayment(shop.admin, truth.payments[0]?.id ?? '');
    const after = await read(before.externalId);
    expect([before.paymentState, after.paymentState]).toEqual(['authorised', 'paid']);
    expect(after.updatedAt).toBe(before.updatedAt);
  });

  it('works with an API key of few rights, and refuses a wrong one', async () => {
    const { createRole } = await shop.admin(
      `mutation {
        createRole(input: { code: "hub", description: "hub", permissions: [
          ReadOrder, UpdateOrder, ReadCatalog, UpdateCatalog, ReadStockLocation
        ] }) { id }
      }`,
    );
    const { createApiKey } = await shop.admin(
      `mutation ($roles: [ID!]!) {
        createApiKey(input: { roleIds: $roles, translations: [{ languageCode: en, name: "hub" }] }) { apiKey }
      }`,
      { roles: [createRole.id] },
    );
    const keyed = io({ settings: { apiKey: createApiKey.apiKey } });
    expect(await vendure.check(keyed)).toMatchObject({ currency: 'EUR' });
    expect((await vendure.orders.pullOrders(keyed, null, since)).items.length).toBeGreaterThan(0);
    expect((await vendure.listings?.pullListings(keyed, null))?.items).toHaveLength(catalogue.length);
    const [listingExternalId = ''] = shop.seeded.variants.values();
    const pushed = await vendure.stock?.pushStock(keyed, [
      { listingExternalId, quantity: 80, locations: [], version: '3' },
    ]);
    expect(pushed).toEqual([{ listingExternalId, outcome: 'told' }]);
    expect(await vendure.stock?.readStock(keyed, [listingExternalId])).toHaveLength(1);
    for (const settings of [{ apiKey: 'nope:nope' }, { username: 'superadmin', password: 'wrong' }]) {
      await expect(vendure.check(io({ settings }))).rejects.toMatchObject({ kind: 'unauthorised' });
    }
  });

  it('sees Vendure allocate too much when a line is sold from two locations, and never give it back', async () => {
    const [harbour, hinterland] = shop.seeded.locations;
    const { allocated } = (await readStock(shop.admin)).get('STAMP-SET') ?? { allocated: 0 };
    const locations = [
      { locationExternalId: harbour, quantity: allocated + 2 },
      { locationExternalId: hinterland, quantity: 50 },
    ];
    const listingExternalId = shop.seeded.variants.get('STAMP-SET') ?? '';
    await vendure.stock?.pushStock(io(), [{ listingExternalId, quantity: allocated + 52, locations, version: '2' }]);
    const order = await buyNow([{ sku: 'STAMP-SET', quantity: 5 }]);
    expect((await readStock(shop.admin)).get('STAMP-SET')?.allocated).toBe(allocated + 7);
    await vendure.orders.cancelOrder?.(io(), { orderExternalId: order.externalId, lines: null, reason: 'test' });
    expect((await readStock(shop.admin)).get('STAMP-SET')?.allocated).toBe(allocated + 2);
  });
});

function residualOf(order: ChannelOrder): number {
  const sum = (rows: readonly { amountMinor: number }[]): number =>
    rows.reduce((total, row) => total + row.amountMinor, 0);
  return order.totalMinor - (sum(order.lines) + sum(order.shipping) - sum(order.discounts));
}

function isRejected(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ChannelFault && error.reason.kind === 'rejected' && error.reason.code === code;
}
