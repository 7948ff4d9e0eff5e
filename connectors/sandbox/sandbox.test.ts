import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnnounceCommand, ConnectorIo } from '../../src/connector-kit/index.ts';
import { manualClock } from '../../src/kernel/index.ts';
import { createSandbox, serveSandbox, type Sandbox, type ServedSandbox, type ShopOrder } from './fake/index.ts';
import { sandbox as connector } from './index.ts';
import type { SandboxSettings } from './settings.ts';

const { orders, listings, shipments, stock } = connector;

const clock = manualClock(new Date('2026-03-01T08:00:00.000Z'));
const since = new Date('2026-03-01T00:00:00.000Z');
let fake: Sandbox;
let server: ServedSandbox;

beforeEach(async () => {
  fake = createSandbox({ clock, currency: 'CNY', shopName: 'Harbour shop' });
  server = await serveSandbox({ sandbox: fake });
});

afterEach(() => server.close());

function io(): ConnectorIo<SandboxSettings> {
  return {
    settings: { baseUrl: server.origin, apiKey: fake.apiKey, webhookSecret: fake.webhookSecret },
    fetch: globalThis.fetch,
    now: clock.now(),
    signal: new AbortController().signal,
    log: { debug: () => undefined, warn: () => undefined },
  };
}

function buy(quantity: number): ShopOrder {
  return fake.placeOrder({ lines: [{ listingId: fake.state.listings[0]?.id ?? '', quantity }] });
}

function parcelOf(order: ShopOrder): AnnounceCommand {
  return {
    orderExternalId: order.id,
    packageReference: 'W-1',
    trackingNumber: 'T-1',
    carrier: 'SF Express',
    trackingUrl: null,
    shippedAt: clock.now(),
    lines: [{ lineExternalId: order.lines[0]?.id ?? '', quantity: 1 }],
  };
}

describe('the sandbox connector over HTTP', () => {
  it('signs in and names the shop', async () => {
    expect(await connector.check(io())).toEqual({ shopName: 'Harbour shop', currency: 'CNY', timeZone: 'UTC' });
  });

  it('reads every listing with its SKU and barcode, and which are not counted', async () => {
    const { items, next } = await listings.pullListings(io(), null);
    expect(next).toBeNull();
    expect(items.map(({ externalId }) => externalId)).toEqual(fake.state.listings.map(({ id }) => id));
    expect(items[0]).toMatchObject({ sku: 'SHIRT-S', price: '39.90', tracksStock: true });
    expect(items.filter(({ tracksStock }) => !tracksStock).map(({ sku }) => sku)).toEqual(['GIFT-25']);
    expect(new Set(items.map(({ barcode }) => barcode)).size).toBe(items.length);
  });

  it('sets stock in all, or by location, and reads back what can be bought', async () => {
    const [a, b, card] = [
      fake.state.listings[0]?.id ?? '',
      fake.state.listings[1]?.id ?? '',
      fake.state.listings.at(-1)?.id ?? '',
    ];
    const places = (await stock.listLocations?.(io()))?.map(({ externalId }) => externalId) ?? [];
    const levels = places.map((locationExternalId, index) => ({ locationExternalId, quantity: index + 1 }));
    const results = await stock.pushStock(io(), [
      { listingExternalId: a, quantity: 9, locations: [], version: '1' },
      { listingExternalId: b, quantity: 3, locations: levels, version: '1' },
      { listingExternalId: card, quantity: 3, locations: [], version: '1' },
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['told', 'told', 'failed']);
    const shown = await stock.readStock(io(), [a, b]);
    expect(shown).toEqual([
      {
        listingExternalId: a,
        saleable: 9,
        locations: [9, 0].map((quantity, index) => ({ locationExternalId: places[index], quantity })),
      },
      { listingExternalId: b, saleable: 3, locations: levels },
    ]);
  });

  it('finds an order that its list shows late', async () => {
    fake.setFaults({ listLateNext: 1, listLagMs: orders.pull.lagMs });
    const late = buy(1);
    clock.advance(orders.pull.lagMs - 1);
    const prompt = buy(1);
    const first = await orders.pullOrders(io(), null, since);
    expect(first.items.map(({ externalId }) => externalId)).toEqual([prompt.id]);
    clock.advance(1);
    const second = await orders.pullOrders(io(), first.resume, since);
    expect(second.items.map(({ externalId }) => externalId)).toEqual([late.id, prompt.id]);
  });

  it('counts orders by the time they were placed', async () => {
    buy(1);
    clock.advance(60_000);
    const later = clock.now();
    buy(1);
    buy(1);
    expect([await orders.countOrders?.(io(), since), await orders.countOrders?.(io(), later)]).toEqual([3, 2]);
  });

  it('leaves out an order that the shop does not have', async () => {
    const order = buy(1);
    const found = await orders.readOrders(io(), [order.id, '1']);
    expect(found.map(({ externalId }) => externalId)).toEqual([order.id]);
  });

  it('reports outcome_unknown when the connection breaks after the commit, and shows one package', async () => {
    const order = buy(2);
    fake.setFaults({ loseAnswers: 1 });
    await expect(shipments.announceShipment(io(), parcelOf(order))).rejects.toMatchObject({ kind: 'outcome_unknown' });
    const { externalId } = await shipments.announceShipment(io(), parcelOf(order));
    expect(order.fulfilments.map(({ id }) => id)).toEqual([externalId]);
    expect(fake.journal().filter(({ kind }) => kind === 'fulfilled')).toHaveLength(1);
  });

  it('shows one package when the same announcement is made twice at once', async () => {
    const order = buy(2);
    const both = await Promise.allSettled([1, 2].map(() => shipments.announceShipment(io(), parcelOf(order))));
    expect(order.fulfilments).toHaveLength(1);
    const refused = both.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    for (const fault of refused) expect(fault).toMatchObject({ kind: 'conflict' });
  });

  it("passes on the shop's own refusal", async () => {
    const order = buy(1);
    const tooMany = { ...parcelOf(order), lines: [{ lineExternalId: order.lines[0]?.id ?? '', quantity: 2 }] };
    await expect(shipments.announceShipment(io(), tooMany)).rejects.toMatchObject({
      reason: { kind: 'rejected', code: 'not_open' },
    });
    await expect(shipments.announceShipment(io(), { ...tooMany, orderExternalId: '404' })).rejects.toMatchObject({
      kind: 'not_found',
    });
  });

  it('cancels what is open and leaves what has shipped', async () => {
    const order = buy(3);
    await shipments.announceShipment(io(), parcelOf(order));
    await orders.cancelOrder?.(io(), { orderExternalId: order.id, lines: null, reason: 'late' });
    await orders.cancelOrder?.(io(), { orderExternalId: order.id, lines: null, reason: 'late' });
    expect(order.lines[0]).toMatchObject({ quantity: 3, fulfilledQuantity: 1, cancelledQuantity: 2 });
    expect(order.cancelledAt).toBeNull();
  });

  it('reads what buyers ask to send back, what they keep after all, and what arrived', async () => {
    const order = buy(3);
    await shipments.announceShipment(io(), parcelOf(order));
    const lines = [{ lineId: order.lines[0]?.id ?? '', quantity: 1 }];
    const statesOf = async (): Promise<string[]> => {
      const [document] = await orders.readOrders(io(), [order.id]);
      return orders.toChannelOrder(document?.body ?? '', io().settings).returns.map(({ state }) => state);
    };
    const first = fake.askReturn(order.id, { reason: 'too small', lines });
    expect(() => fake.askReturn(order.id, { reason: 'again', lines })).toThrow(/0 units/);
    expect(await statesOf()).toEqual(['requested']);
    fake.cancelReturn(order.id, first.id);
    fake.receiveReturn(order.id, fake.askReturn(order.id, { reason: 'too small', lines }).id);
    expect(await statesOf()).toEqual(['cancelled', 'received']);
  });
});
