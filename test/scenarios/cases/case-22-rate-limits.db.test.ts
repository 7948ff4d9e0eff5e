import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { breakerOpensAt } from '../../../src/channels/health-policy.ts';
import type { ShopDeps } from '../../../src/channels/index.ts';
import { ChannelFault } from '../../../src/connector-kit/index.ts';
import { shopLanes } from '../../../src/main/lanes/shop-lane.ts';
import { requestCancel } from '../../../src/outbound/index.ts';
import { firstRow, rows } from '../../../src/platform/db/index.ts';
import type { LaneKind } from '../../../src/platform/queue/index.ts';
import { adjustStock } from '../../../src/fulfilment/index.ts';
import { soldOrder } from '../../support/factories/channel-order.ts';
import { lease } from '../../support/factories/inbound-world.ts';
import { meterOf, type Meter } from '../../support/factories/metered-channel.ts';
import { useOutbound, type OutboundWorld } from '../../support/factories/outbound-world.ts';

/** One pass of a shop's lane after the other, by a clock that only the test moves; every call to the channel is counted. */

const bench = useOutbound();
let world: OutboundWorld;
let meter: Meter;
let deps: ShopDeps;
let lane: LaneKind;

beforeEach(async () => {
  world = await bench.open();
  meter = meterOf(bench.channel.connector);
  deps = { ...bench.deps(), connectors: new Map([['plain', meter.connector]]) };
  lane = shopLanes(deps, null);
});

/** The calls of one pass, made whether or not the lane is due. */
async function pass(): Promise<string[]> {
  meter.calls.length = 0;
  await lane.drain(`outbound:${world.shopId}`, lease);
  return [...meter.calls];
}

async function passUntilQuiet(): Promise<void> {
  for (let passes = 0; passes < 50; passes += 1) {
    bench.clock.advance(1);
    const result = await lane.drain(`outbound:${world.shopId}`, lease);
    if (result === 'empty') return;
  }
  throw new Error('the lane does not come to rest');
}

type Health = { readonly failures: number; readonly pausedUntil: Date | null };

async function health(): Promise<Health> {
  const row = await bench.database.read((db) =>
    firstRow<Health>(
      db,
      sql`select failures, paused_until as "pausedUntil" from shop_health where shop_id = ${world.shopId}`,
    ),
  );
  if (row === null) throw new Error('no health');
  return row;
}

/** Moves the clock to the end of the pause; gives its length in milliseconds. */
async function waitOut(): Promise<number> {
  const { pausedUntil } = await health();
  const ms = (pausedUntil?.getTime() ?? 0) - bench.clock.now().getTime();
  if (ms <= 0) throw new Error('the shop is not paused');
  bench.clock.advance(ms - 1);
  expect(await pass()).toEqual([]);
  bench.clock.advance(1);
  return ms;
}

describe('case 22: a channel that fails', () => {
  test('is called fewer than ten times until its breaker is open, once in 30 s to 10 minutes then, and closes it by one answer', async () => {
    meter.answer = () => new ChannelFault({ kind: 'unavailable' });
    let calls = (await pass()).length;
    while ((await health()).failures < breakerOpensAt) {
      await waitOut();
      calls += (await pass()).length;
    }
    expect(calls).toBeLessThanOrEqual(10);
    expect(await world.exceptions()).toEqual(['shop.unreachable']);
    const waits: number[] = [];
    for (let probe = 0; probe < 8; probe += 1) {
      waits.push(await waitOut());
      expect(await pass()).toHaveLength(1);
    }
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(15_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(600_000);
    await waitOut();
    meter.answer = () => null;
    expect((await pass()).length).toBeGreaterThan(1);
    expect(await health()).toMatchObject({ failures: 0, pausedUntil: null });
    expect(await world.exceptions()).toEqual([]);
  });

  test('by 429 with Retry-After is not called before that time, however often it says so, and its breaker stays closed', async () => {
    meter.answer = () => new ChannelFault({ kind: 'rate_limited', retryAfterMs: 30_000 });
    for (let round = 0; round < 12; round += 1) {
      expect(await pass()).toHaveLength(1);
      const waited = await waitOut();
      expect(waited).toBeGreaterThanOrEqual(30_000);
      expect(waited).toBeLessThanOrEqual(33_000);
    }
    expect(await health()).toMatchObject({ failures: 0 });
    expect(await world.exceptions()).toEqual([]);
  });

  test('by 429 without Retry-After is called ever less often', async () => {
    meter.answer = () => new ChannelFault({ kind: 'rate_limited', retryAfterMs: null });
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      expect(await pass()).toHaveLength(1);
      waits.push(await waitOut());
    }
    expect(waits[0]).toBeLessThanOrEqual(1_000);
    expect(waits.at(-1)).toBeGreaterThan(30_000);
  });

  test('by 401 is shown to a person at the first call, and left alone for a quarter of an hour', async () => {
    meter.answer = () => new ChannelFault({ kind: 'unauthorised' });
    expect(await pass()).toHaveLength(1);
    expect(await world.exceptions()).toEqual(['shop.unauthorised']);
    expect(await waitOut()).toBeGreaterThanOrEqual(15 * 60_000);
  });
});

describe('case 22: a channel that allows few calls', () => {
  /** An order shipped, one to be cancelled, a number that falls, and more orders than a pass could read. */
  async function fillTheDesk(): Promise<void> {
    await passUntilQuiet();
    const { orderId } = await world.sell('kept', [['listing-1', 2]]);
    await passUntilQuiet();
    await world.sellAndShip('shipped', [['listing-1', 1]]);
    await bench.database.run((ctx) =>
      requestCancel(ctx, deps.connectors, { orderId, lines: null, reason: 'customer asked' }),
    );
    const [skuId] = world.skus;
    await bench.database.run((ctx) =>
      adjustStock(ctx, [{ skuId, warehouseId: world.warehouseId, delta: -40, reason: 'adjusted', note: null }]),
    );
    for (let index = 0; index < 60; index += 1) bench.channel.orders.set(`bulk-${index}`, soldOrder(`bulk-${index}`));
    await bench.database.run((ctx) =>
      rows(ctx.tx, sql`update shop_cursors set due_at = ${ctx.now} where shop_id = ${world.shopId}`),
    );
  }

  test.each([1, 2, 3, 5])(
    'spends a budget of %i a pass on cancels, tracking and falling stock before orders',
    async (budget) => {
      await fillTheDesk();
      let left = budget;
      meter.answer = () => {
        left -= 1;
        return left >= 0 ? null : new ChannelFault({ kind: 'rate_limited', retryAfterMs: 10_000 });
      };
      const served: string[] = [];
      for (let round = 0; served.length < 6; round += 1) {
        left = budget;
        served.push(...(await pass()).slice(0, budget));
        if ((await health()).pausedUntil !== null) await waitOut();
        else bench.clock.advance(10_000);
        expect(round).toBeLessThan(20);
      }
      const first = (name: string): number => served.indexOf(name);
      expect(served.slice(0, 3)).toEqual(['cancel', 'announce', 'push']);
      const bulk = served.findIndex((call) => call === 'poll' || call === 'read');
      expect(bulk).toBeGreaterThan(Math.max(first('cancel'), first('announce'), first('push')));
    },
  );
});
