import { mkdtempSync, appendFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../src/kernel/index.ts';
import { createSandbox, ShopRefusal, type Sandbox } from './index.ts';

const start = new Date('2026-03-01T08:00:00.000Z');
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function open(options: Parameters<typeof createSandbox>[0] = {}): {
  sandbox: Sandbox;
  clock: ReturnType<typeof manualClock>;
} {
  const clock = manualClock(start);
  return { sandbox: createSandbox({ clock, ...options }), clock };
}

function listingAt(sandbox: Sandbox, index: number): string {
  return sandbox.state.listings[index]?.id ?? '';
}

function request(sandbox: Sandbox, method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${sandbox.apiKey}` };
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  return sandbox.fetch(new Request(`http://shop.test${path}`, init));
}

describe('stock of the fake', () => {
  it('is conserved over sales, cancels and settings', () => {
    const { sandbox } = open();
    const [a, b] = [listingAt(sandbox, 0), listingAt(sandbox, 1)];
    sandbox.setStock({ listingId: a, quantity: 10 });
    const order = sandbox.placeOrder({
      lines: [
        { listingId: a, quantity: 4 },
        { listingId: b, quantity: 1 },
      ],
    });
    expect(sandbox.saleable(a)).toBe(6);
    sandbox.cancelOrder(order.id, { lines: [{ lineId: order.lines[0]?.id ?? '', quantity: 3 }] });
    expect(sandbox.saleable(a)).toBe(9);
    sandbox.cancelOrder(order.id);
    expect([sandbox.saleable(a), sandbox.saleable(b)]).toEqual([10, 50]);
    expect(order.cancelledAt).not.toBeNull();
  });

  it('is taken from the second location when the first has too few, and goes back there', () => {
    const { sandbox } = open();
    const listingId = listingAt(sandbox, 0);
    const [first, second] = sandbox.state.locations.map(({ id }) => id);
    const levels = [
      { locationId: first ?? '', quantity: 2 },
      { locationId: second ?? '', quantity: 3 },
    ];
    sandbox.setStock({ listingId, quantity: 5, levels });
    const order = sandbox.placeOrder({ lines: [{ listingId, quantity: 4 }] });
    expect(order.lines[0]?.takes).toEqual([
      { locationId: first, quantity: 2 },
      { locationId: second, quantity: 2 },
    ]);
    sandbox.cancelOrder(order.id);
    expect(sandbox.state.levels[`${listingId}/${second}`]).toBe(3);
  });

  it('refuses a basket that wants more than is shown, and changes nothing', () => {
    const { sandbox } = open();
    const [a, b] = [listingAt(sandbox, 0), listingAt(sandbox, 1)];
    sandbox.setStock({ listingId: b, quantity: 1 });
    const before = JSON.stringify(sandbox.state);
    const lines = [
      { listingId: a, quantity: 1 },
      { listingId: b, quantity: 1 },
      { listingId: b, quantity: 1 },
    ];
    expect(() => sandbox.placeOrder({ lines })).toThrow(ShopRefusal);
    expect(JSON.stringify(sandbox.state)).toBe(before);
  });

  it('goes below zero when a buyer was quicker than the last push', () => {
    const { sandbox } = open();
    const listingId = listingAt(sandbox, 0);
    sandbox.setStock({ listingId, quantity: 1 });
    sandbox.placeOrder({ lines: [{ listingId, quantity: 3 }], oversell: true });
    expect(sandbox.saleable(listingId)).toBe(-2);
  });

  it('answers a batch of settings item by item', async () => {
    const { sandbox } = open();
    const items = [
      { listing_id: listingAt(sandbox, 0), quantity: 7 },
      { listing_id: listingAt(sandbox, 1), quantity: -1 },
      { listing_id: sandbox.state.listings.at(-1)?.id, quantity: 1 },
    ];
    const response = await request(sandbox, 'PUT', '/api/stock', { items });
    const text = await response.text();
    expect(response.status).toBe(200);
    expect([...text.matchAll(/"code":"([a-z_]+)"/g)].map(([, code]) => code)).toEqual(['bad_quantity', 'not_tracked']);
    expect(sandbox.saleable(listingAt(sandbox, 0))).toBe(7);
  });
});

describe('orders of the fake', () => {
  it('refuse a parcel of more units than are open, and a refund of more than was paid', () => {
    const { sandbox } = open();
    const order = sandbox.placeOrder({
      lines: [{ listingId: listingAt(sandbox, 0), quantity: 2, unitPriceMinor: 500 }],
    });
    const lines = [{ lineId: order.lines[0]?.id ?? '', quantity: 2 }];
    const parcel = {
      reference: 'r',
      trackingNumber: 't',
      carrier: 'c',
      trackingUrl: null,
      shippedAt: start.toISOString(),
      lines,
    };
    sandbox.fulfilOrder(order.id, parcel);
    expect(() => sandbox.fulfilOrder(order.id, parcel)).toThrow(/0 units/);
    sandbox.refundOrder(order.id, { amountMinor: 600 });
    expect(() => sandbox.refundOrder(order.id, { amountMinor: 401 })).toThrow(/more than was paid/);
  });

  it('take a repeated parcel for a second one, as most shops do', () => {
    const { sandbox } = open();
    const order = sandbox.placeOrder({ lines: [{ listingId: listingAt(sandbox, 0), quantity: 2 }] });
    const lines = [{ lineId: order.lines[0]?.id ?? '', quantity: 1 }];
    const parcel = {
      reference: 'r',
      trackingNumber: 't',
      carrier: 'c',
      trackingUrl: null,
      shippedAt: start.toISOString(),
      lines,
    };
    sandbox.fulfilOrder(order.id, parcel);
    sandbox.fulfilOrder(order.id, parcel);
    expect(order.fulfilments).toHaveLength(2);
  });

  it('refuse a write that was decided on an older version', async () => {
    const { sandbox } = open();
    const order = sandbox.placeOrder({ lines: [{ listingId: listingAt(sandbox, 0), quantity: 2 }] });
    sandbox.annotateOrder(order.id, 'changed meanwhile');
    const response = await request(sandbox, 'POST', `/api/orders/${order.id}/cancel`, { lines: null, if_version: 1 });
    expect(response.status).toBe(409);
    expect(order.cancelledAt).toBeNull();
  });

  it('add up with tax on top, with two kinds of discount, and with none', () => {
    const { sandbox } = open();
    const line = { listingId: listingAt(sandbox, 0), quantity: 3, unitPriceMinor: 333, discountMinor: 10 };
    const discounts = [{ code: null, title: 'Day', amountMinor: 101, fundedBy: 'platform' as const }];
    const order = sandbox.placeOrder({
      lines: [line],
      pricesIncludeTax: false,
      taxBasisPoints: 1900,
      shippingMinor: 490,
      discounts,
    });
    expect(order.lines[0]?.taxes[0]?.amountMinor).toBe(169);
    expect(order.shipping?.taxes[0]?.amountMinor).toBe(93);
    expect(order.totalMinor).toBe(999 + 490 + 169 + 93 - 111);
    const included = sandbox.placeOrder({ lines: [line], taxBasisPoints: 1900 });
    expect(included.totalMinor).toBe(989);
  });

  it('are written with ids and amounts that JSON.parse cannot hold', async () => {
    const { sandbox } = open();
    const order = sandbox.placeOrder({
      lines: [{ listingId: listingAt(sandbox, 0), quantity: 1, unitPriceMinor: 9286 }],
    });
    const text = await (await request(sandbox, 'GET', '/api/orders')).text();
    expect(text).toContain(`"id":${order.id},`);
    expect(text).toContain('"amount":92.86');
    expect(BigInt(JSON.parse(text).orders[0].id).toString()).not.toBe(order.id);
  });
});

describe('the gate of the fake', () => {
  it('refuses a caller without the key', async () => {
    const { sandbox } = open();
    for (const path of ['/api/shop', '/_control/state']) {
      expect((await sandbox.fetch(new Request(`http://shop.test${path}`))).status).toBe(401);
    }
  });

  it('lets a burst through, then answers 429 with Retry-After until tokens are back', async () => {
    const { sandbox, clock } = open({ rateLimit: { burst: 3, perSecond: 0.5 } });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await request(sandbox, 'GET', '/api/shop')).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await request(sandbox, 'GET', '/api/shop')).headers.get('retry-after')).toBe('2');
    clock.advance(2_000);
    expect((await request(sandbox, 'GET', '/api/shop')).status).toBe(200);
  });

  it('commits a write whose answer is lost, once', async () => {
    const { sandbox } = open();
    const order = sandbox.placeOrder({ lines: [{ listingId: listingAt(sandbox, 0), quantity: 1 }] });
    await request(sandbox, 'POST', '/_control/faults', { loseAnswers: 1 });
    const response = await request(sandbox, 'POST', `/api/orders/${order.id}/cancel`, { lines: null });
    expect(response.status).toBe(504);
    expect(order.cancelledAt).not.toBeNull();
    expect(sandbox.faults.loseAnswers).toBe(0);
  });

  it('shows a changed order late when its list lags', async () => {
    const { sandbox, clock } = open();
    sandbox.setFaults({ listLateNext: 1, listLagMs: 3_000 });
    const order = sandbox.placeOrder({ lines: [{ listingId: listingAt(sandbox, 0), quantity: 1 }] });
    expect(await (await request(sandbox, 'GET', '/api/orders')).text()).not.toContain(order.id);
    clock.advance(3_000);
    expect(await (await request(sandbox, 'GET', '/api/orders')).text()).toContain(order.id);
  });

  it('answers 500 for the set share of requests and 429 for the set number', async () => {
    const { sandbox } = open({ random: () => 0.3 });
    sandbox.setFaults({ errorRate: 0.31 });
    expect((await request(sandbox, 'GET', '/api/shop')).status).toBe(500);
    sandbox.setFaults({ errorRate: 0.3, throttleNext: 1, retryAfterSeconds: null });
    const throttled = await request(sandbox, 'GET', '/api/shop');
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, null]);
    expect((await request(sandbox, 'GET', '/api/shop')).status).toBe(200);
  });
});

describe('the state file of the fake', () => {
  it('keeps orders, stock and journal over a restart, and drops a torn line', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wharf-sandbox-'));
    folders.push(folder);
    const stateFile = join(folder, 'shop.jsonl');
    const first = open({ stateFile }).sandbox;
    const order = first.placeOrder({ lines: [{ listingId: listingAt(first, 0), quantity: 2 }] });
    first.annotateOrder(order.id, 'kept');
    appendFileSync(stateFile, '{"entry":{"seq":3,');
    const second = open({ stateFile }).sandbox;
    expect(JSON.stringify(second.state)).toBe(JSON.stringify(first.state));
    second.payOrder(second.placeOrder({ lines: [{ listingId: listingAt(second, 0), quantity: 1 }], isPaid: false }).id);
    const third = open({ stateFile }).sandbox;
    expect(third.journal().map(({ seq, kind }) => `${seq} ${kind}`)).toEqual([
      '1 placed',
      '2 annotated',
      '3 placed',
      '4 paid',
    ]);
    expect(third.saleable(listingAt(third, 0))).toBe(47);
  });
});
