import assert from 'node:assert/strict';
import { secretFields } from '../../settings.ts';
import { expectFault, onBench, type Bench } from '../bench.ts';
import type { ConformanceHarness, PlacedOrder } from '../harness.ts';

type Call = readonly [what: string, call: () => Promise<unknown>];

/**
 * Case 6. Every read, and the stock push, reports 429 with and without Retry-After, 5xx, a broken connection and a
 * refused credential in the fixed vocabulary; no fault's text holds a credential.
 */
export async function throttledAndUnavailable(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    const placed = await bench.world.placeOrder({ lines: [{ quantity: 1 }] });
    for (const [what, call] of [...reads(bench, placed, bench.world.settings), ...writes(bench, placed)]) {
      bench.chaos.set({ kind: 'answer', status: 429, headers: { 'retry-after': '7' } });
      assert.equal(await waitOf(bench, what, call), 7_000, `${what} lost Retry-After`);
      bench.chaos.set({ kind: 'answer', status: 429 });
      assert.equal(await waitOf(bench, what, call), null, `${what} made up a wait`);
      bench.chaos.set({ kind: 'answer', status: 503 });
      await quietFault(bench, 'unavailable', `${what} under 503`, call);
      bench.chaos.set({ kind: 'answer', status: 401 });
      await quietFault(bench, 'unauthorised', `${what} under 401`, call);
    }
    for (const [what, call] of reads(bench, placed, bench.world.settings)) {
      bench.chaos.set({ kind: 'answer', status: 500 });
      await quietFault(bench, 'unavailable', `${what} under 500`, call);
      bench.chaos.set({ kind: 'cut' });
      await quietFault(bench, 'unavailable', `${what} without a connection`, call);
      bench.chaos.set(null);
      await call();
    }
    bench.chaos.set(null);
    for (const [what, call] of reads(bench, placed, bench.world.wrongSettings)) {
      await quietFault(bench, 'unauthorised', `${what} with a wrong credential`, call);
    }
  });
}

function reads(bench: Bench, placed: PlacedOrder, settings: unknown): Call[] {
  const { connector } = bench;
  const listingIds = placed.lines.map((line) => line.listingExternalId);
  const { orders, listings, stock } = connector;
  const io = () => bench.io(settings);
  const calls: Call[] = [['check', () => connector.check(io())]];
  const { pullOrders, readOrders } = orders;
  if (pullOrders !== undefined) calls.push(['pullOrders', () => pullOrders.call(orders, io(), null, bench.since)]);
  if (readOrders !== undefined) calls.push(['readOrders', () => readOrders.call(orders, io(), [placed.externalId])]);
  const pullListings = listings?.pullListings?.bind(listings);
  if (pullListings !== undefined) calls.push(['pullListings', () => pullListings(io(), null)]);
  const readStock = stock?.readStock?.bind(stock);
  if (readStock !== undefined) calls.push(['readStock', () => readStock(io(), listingIds)]);
  return calls;
}

function writes(bench: Bench, placed: PlacedOrder): Call[] {
  const { stock } = bench.connector;
  const pushes = placed.lines.map((line) => ({
    listingExternalId: line.listingExternalId,
    quantity: 5,
    locations: [],
    version: '1',
  }));
  return stock === undefined ? [] : [['pushStock', () => stock.pushStock(bench.io(), pushes)]];
}

async function waitOf(bench: Bench, what: string, call: () => Promise<unknown>): Promise<number | null> {
  const fault = await quietFault(bench, 'rate_limited', `${what} under 429`, call);
  return fault.reason.kind === 'rate_limited' ? fault.reason.retryAfterMs : assert.fail();
}

async function quietFault(bench: Bench, ...rest: Parameters<typeof expectFault>): ReturnType<typeof expectFault> {
  const fault = await expectFault(...rest);
  const settings = new Map(Object.entries(Object(bench.world.settings)));
  for (const name of secretFields(bench.connector.settings)) {
    const value = settings.get(name);
    if (typeof value !== 'string' || value === '') continue;
    assert.ok(!`${fault.message} ${JSON.stringify(fault.reason)}`.includes(value), `a fault's text holds ${name}`);
  }
  return fault;
}
