import { describe, expect, it } from 'vitest';
import type { ConnectorIo, StockPush } from '../../src/connector-kit/index.ts';
import { callVendure } from './client.ts';
import { fulfilDocument, ordersDocument, refundOrderDocument } from './documents.ts';
import { createFakeVendure, type FakeVendure } from './fake/index.ts';
import { vendure } from './index.ts';
import { vendureSettings, type VendureSettings } from './settings.ts';

const at = new Date('2026-11-21T12:00:00.000Z');
const since = new Date(at.getTime() - 60_000);
let shops = 0;

type Bench = { fake: FakeVendure; io: ConnectorIo<VendureSettings>; requests: string[] };

function bench(options: Partial<VendureSettings> = {}): Bench {
  const fake = createFakeVendure(() => at);
  const requests: string[] = [];
  const settings = vendureSettings.parse({
    adminApiUrl: `http://bench-${(shops += 1)}.test/admin-api`,
    username: 'superadmin',
    password: 'a fake password',
    ...options,
  });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    requests.push(/"operationName":"(\w+)"/.exec(await request.clone().text())?.[1] ?? '');
    return fake.fetch(request);
  };
  const log = { debug: () => undefined, warn: () => undefined };
  return { fake, requests, io: { settings, fetch, now: at, signal: new AbortController().signal, log } };
}

async function pullIds({ io }: Bench): Promise<string[]> {
  const ids: string[] = [];
  let state: Parameters<typeof vendure.orders.pullOrders>[1] = null;
  do {
    const page = await vendure.orders.pullOrders(io, state, since);
    ids.push(...page.items.map((item) => item.externalId));
    state = page.next;
  } while (state !== null);
  return ids;
}

const push = (listingExternalId: string, ...quantities: number[]): StockPush => ({
  listingExternalId,
  quantity: quantities.reduce((sum, quantity) => sum + quantity, 0),
  locations: quantities.map((quantity, index) => ({ locationExternalId: String(index + 1), quantity })),
  version: '1',
});

describe('the session', () => {
  it('is opened once for calls that come together', async () => {
    const one = bench();
    await Promise.all([vendure.check(one.io), vendure.check(one.io), vendure.check(one.io)]);
    expect(one.requests.filter((name) => name === 'WharfSignIn')).toHaveLength(1);
  });

  it('is opened again, once, when it has ended', async () => {
    const one = bench();
    await vendure.check(one.io);
    one.fake.endSessions();
    await Promise.all([vendure.check(one.io), vendure.check(one.io)]);
    expect(one.requests.filter((name) => name === 'WharfSignIn')).toHaveLength(2);
  });

  it('is not needed with an API key', async () => {
    const one = bench({ username: null, password: null, apiKey: 'a fake key' });
    await vendure.check(one.io);
    expect(one.requests).toEqual(['WharfCheck']);
  });

  it('needs either a name and a password or an API key', () => {
    const settings = { adminApiUrl: 'https://shop.example.com/admin-api' };
    expect(vendureSettings.safeParse({ ...settings, username: 'a' }).success).toBe(false);
    expect(vendureSettings.safeParse({ ...settings, apiKey: 'k' }).success).toBe(true);
  });
});

describe('the poll', () => {
  it('leaves out carts, and counts a marketplace sale once', async () => {
    const one = bench();
    const lines = [{ quantity: 1, unitPriceWithTax: 1000 }];
    const whole = one.fake.placeOrder({ lines, type: 'Aggregate' });
    const part = one.fake.placeOrder({ lines, type: 'Seller' });
    const cart = one.fake.placeOrder({ lines });
    Object.assign(cart, { active: true, orderPlacedAt: null, state: 'AddingItems' });
    expect(await pullIds(one)).toEqual([whole.id]);
    expect(await vendure.orders.countOrders?.(one.io, since)).toBe(1);
    const seller = { ...one.io, settings: { ...one.io.settings, isSellerChannel: true } };
    expect(await pullIds({ ...one, io: seller })).toEqual([part.id]);
  });

  it('brings an older order that changed since, and every order once in the first walk', async () => {
    const one = bench();
    const lines = [{ quantity: 1, unitPriceWithTax: 1000 }];
    const [untouched, changed, fresh] = [0, 1, 2].map(() => one.fake.placeOrder({ lines }));
    const longAgo = '2026-11-01T08:00:00.000Z';
    for (const order of [untouched, changed])
      Object.assign(order ?? {}, { orderPlacedAt: longAgo, updatedAt: longAgo });
    one.fake.touchOrder(changed?.id ?? '');
    expect(await pullIds(one)).toEqual([fresh?.id, changed?.id]);
  });

  it('cannot ask for more than a thousand rows', async () => {
    const call = callVendure(bench().io, { document: ordersDocument, variables: { options: { take: 1001 } } });
    await expect(call).rejects.toMatchObject({ reason: { kind: 'rejected', code: 'user_input_error' } });
  });
});

describe('stock', () => {
  it('is told for all listings but the ones that Vendure refuses', async () => {
    const { fake, io } = bench();
    const ids = ['A', 'B', 'C'].map((sku) => fake.addVariant({ sku, onHand: [1, 1] }).id);
    const pushes = [push('404', 1, 1), ...ids.map((id) => push(id, 7, 3)), push(ids[0] ?? '', 1, 1, 1)];
    const results = await vendure.stock?.pushStock(io, pushes);
    expect(results?.map((result) => (result.outcome === 'told' ? 'told' : result.code))).toEqual([
      'not_found',
      'told',
      'told',
      'told',
      'internal_server_error',
    ]);
    const shown = await vendure.stock?.readStock(io, ids);
    expect(shown?.map((row) => row.saleable)).toEqual([10, 10, 10]);
  });

  it('without a location stands at the first one alone', async () => {
    const { fake, io } = bench();
    const { id, stockLevels } = fake.addVariant({ sku: 'A', onHand: [1, 9] });
    await vendure.stock?.pushStock(io, [{ ...push(id, 5), locations: [] }]);
    expect(stockLevels.map((level) => level.stockOnHand)).toEqual([5, 0]);
  });

  it('is saleable less allocations and the threshold, and is not read where nothing is counted', async () => {
    const { fake, io } = bench();
    const [counted, uncounted] = ['A', 'B'].map((sku) => fake.addVariant({ sku, onHand: [10, 4] }));
    Object.assign(counted ?? {}, { outOfStockThreshold: 3, useGlobalOutOfStockThreshold: false });
    Object.assign(uncounted ?? {}, { trackInventory: 'FALSE' });
    fake.placeOrder({ lines: [{ quantity: 2, unitPriceWithTax: 1000 }] });
    const shown = await vendure.stock?.readStock(io, [counted?.id ?? '', uncounted?.id ?? '']);
    expect(shown).toEqual([
      {
        listingExternalId: counted?.id,
        saleable: 9,
        locations: [
          { locationExternalId: '1', quantity: 8 },
          { locationExternalId: '2', quantity: 4 },
        ],
      },
    ]);
  });
});

describe('the fake has the vendor’s traps', () => {
  it('takes two identical fulfilments at once', async () => {
    const { fake, io } = bench();
    const order = fake.placeOrder({ lines: [{ quantity: 1, unitPriceWithTax: 1000 }] });
    const lines = [{ orderLineId: order.lines[0]?.id ?? '', quantity: 1 }];
    const variables = { input: { lines, handler: { code: 'manual-fulfillment', arguments: [] } } };
    const fulfil = (): Promise<unknown> => callVendure(io, { document: fulfilDocument, variables });
    await vendure.check(io);
    await Promise.all([fulfil(), fulfil()]);
    expect(order.fulfillments).toHaveLength(2);
    expect(await fulfil()).toMatchObject({ addFulfillmentToOrder: { errorCode: 'ITEMS_ALREADY_FULFILLED_ERROR' } });
  });

  it('refuses a refund with nothing but an amount', async () => {
    const { fake, io } = bench();
    const order = fake.placeOrder({ lines: [{ quantity: 1, unitPriceWithTax: 1000 }] });
    const variables = { input: { paymentId: order.payments[0]?.id, amount: 100 } };
    const call = callVendure(io, { document: refundOrderDocument, variables });
    await expect(call).rejects.toMatchObject({ reason: { kind: 'rejected', code: 'internal_server_error' } });
  });

  it('allocates too much when a line is sold from two locations', () => {
    const { fake } = bench();
    const variant = fake.addVariant({ sku: 'A', onHand: [2, 50] });
    fake.placeOrder({ lines: [{ quantity: 5, unitPriceWithTax: 1000 }] });
    expect(variant.stockLevels.map((level) => level.stockAllocated)).toEqual([2, 5]);
  });
});
