import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { ShopDeps } from '../../../src/channels/index.ts';
import type { ChannelOrder } from '../../../src/connector-kit/index.ts';
import { adjustStock } from '../../../src/fulfilment/index.ts';
import { drainInbox, receiveWebhook } from '../../../src/inbound/index.ts';
import { shopLanes } from '../../../src/main/lanes/shop-lane.ts';
import { requestCancel } from '../../../src/outbound/index.ts';
import { firstRow } from '../../../src/platform/db/index.ts';
import { soldLine, soldOrder } from '../../support/factories/channel-order.ts';
import { lease } from '../../support/factories/inbound-world.ts';
import { useOutbound, type OutboundWorld } from '../../support/factories/outbound-world.ts';

/** A channel that tells every write of ours back, at once by webhook and later by poll and read. */

const bench = useOutbound();

const told = () => {
  const { announced, cancels, refunds, pushes } = bench.channel.told;
  return { announced: announced.length, cancels: cancels.length, refunds: refunds.length, pushes: pushes.length };
};

/** Each write comes back as two webhooks of every order, one of them a repeat. */
async function echoing(world: OutboundWorld, deps: ShopDeps): Promise<void> {
  const row = await bench.database.read((db) =>
    firstRow<{ key: string }>(db, sql`select webhook_key as key from shops where id = ${world.shopId}`),
  );
  let serial = 0;
  bench.channel.duringWrite = async () => {
    for (const id of bench.channel.orders.keys()) {
      serial += 1;
      for (const delivery of [serial, serial]) {
        const answer = await receiveWebhook(deps, row?.key ?? '', {
          method: 'POST',
          url: 'http://hub/hooks/x',
          headers: new Headers({ 'x-signature': 'good', 'x-order': id, 'x-delivery': `echo-${delivery}` }),
          rawBody: Buffer.from(`${id} changed`),
        });
        expect([200, 202]).toContain(answer.status);
      }
    }
  };
}

/** Passes of the lane, each with the inbox drained behind it, until `quiet` passes in a row write nothing. */
async function untilQuiet(world: OutboundWorld, deps: ShopDeps, quiet = 6): Promise<number> {
  const lane = shopLanes(deps, null);
  let still = 0;
  for (let passes = 1; passes <= 60; passes += 1) {
    const before = JSON.stringify(told());
    bench.clock.advance(20_000);
    await lane.drain(`outbound:${world.shopId}`, lease);
    while ((await drainInbox(deps, [world.shopId])).claimed > 0);
    await world.allocate();
    still = JSON.stringify(told()) === before ? still + 1 : 0;
    if (still === quiet) return passes - quiet;
  }
  throw new Error(`never quiet: ${JSON.stringify(told())}`);
}

test('case 26: our own writes come back by webhook, poll and read, and are written once each', async () => {
  const world = await bench.open({ units: [100, 60] });
  const deps = bench.deps();
  const order = (id: string, facts: Partial<ChannelOrder> = {}): ChannelOrder => {
    const sold = soldOrder(id, { lines: [soldLine(`${id}/1`, { quantity: 2 })], ...facts });
    bench.channel.orders.set(id, sold);
    return sold;
  };
  for (const id of ['shipped', 'cancelled', 'kept']) order(id);
  await untilQuiet(world, deps);
  await echoing(world, deps);

  const started = told();
  const find = async (id: string) => {
    const row = await bench.database.read((db) =>
      firstRow<{ id: Parameters<typeof world.order>[0] }>(
        db,
        sql`select id from orders where shop_id = ${world.shopId} and external_id = ${id}`,
      ),
    );
    if (row === null) throw new Error(`no order ${id}`);
    return row.id;
  };
  await world.ship(...(await world.parcels(await find('shipped'))));
  const orderId = await find('cancelled');
  await bench.database.run((ctx) =>
    requestCancel(ctx, deps.connectors, { orderId, lines: null, reason: 'customer asked' }),
  );
  order('shipped', { lines: [soldLine('shipped/1', { quantity: 2, fulfilledQuantity: 2 })] });
  order('cancelled', {
    lines: [soldLine('cancelled/1', { quantity: 2, cancelledQuantity: 2 })],
    cancelledAt: '2026-11-20T12:30:00Z',
  });
  await untilQuiet(world, deps);
  const written = told();
  expect(written.announced - started.announced).toBe(1);
  expect(written.cancels - started.cancels).toBe(1);
  expect(written.refunds).toBe(started.refunds);
  expect(written.pushes - started.pushes).toBeLessThanOrEqual(3);

  const [skuId] = world.skus;
  await bench.database.run((ctx) =>
    adjustStock(ctx, [{ skuId, warehouseId: world.warehouseId, delta: -5, reason: 'adjusted', note: null }]),
  );
  expect(await untilQuiet(world, deps)).toBeLessThanOrEqual(2);
  expect(told()).toEqual({ ...written, pushes: written.pushes + 1 });
  const versions = await bench.database.read((db) =>
    firstRow<{ most: number }>(db, sql`select max(version)::int8 as most from orders where shop_id = ${world.shopId}`),
  );
  expect(versions?.most).toBeLessThanOrEqual(2);
});
