import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { useOutbound, type OutboundWorld } from '../../test/support/factories/outbound-world.ts';
import type { LaneStep, StepResult } from '../channels/index.ts';
import { ChannelFault } from '../connector-kit/index.ts';
import type { SkuId } from '../kernel/index.ts';
import { rows } from '../platform/db/index.ts';
import { receiveStock } from '../stock/index.ts';
import { pushStock, type OrdersReader } from './push-stock.ts';
import { readBackStock } from './read-back-stock.ts';

const bench = useOutbound();
const { channel, clock, database } = bench;
let world: OutboundWorld;
let ordersRead: number;

beforeEach(async () => {
  world = await bench.open({});
  ordersRead = 0;
});

const readsAll: OrdersReader = () => {
  ordersRead += 1;
  return Promise.resolve(true);
};

const receive = (skuId: SkuId, quantity: number): Promise<void> =>
  database.run(async (ctx) => {
    const { warehouseId } = world;
    const receipt = { skuId, warehouseId, quantity, unitCost: null, costCurrency: null, lotId: null, note: null };
    await receiveStock(ctx, [receipt]);
  });

describe('a step with more numbers than go into one call', () => {
  /** The same step for a channel that takes one number a call. */
  const inOnes =
    (step: LaneStep): LaneStep =>
    (deps, session, lease, signal) => {
      const { stock } = session.connector;
      if (stock === undefined) throw new Error('the channel has no stock');
      const connector = { ...session.connector, stock: { ...stock, pushBatchMax: 1, readBatchMax: 1 } };
      return step(deps, { ...session, connector }, lease, signal);
    };
  const pushInOnes = (): Promise<StepResult> => world.run(inOnes(pushStock(readsAll)));
  const told = () => channel.told.pushes.map((numbers) => numbers.map(({ listingExternalId }) => listingExternalId));

  it('makes one call after the other, and reads new orders once', async () => {
    await pushInOnes();
    expect(told()).toEqual([['listing-1'], ['listing-2']]);
    expect(ordersRead).toBe(1);
    expect(await pushInOnes()).toEqual({ didWork: false });
    await world.run(inOnes(readBackStock));
    expect(channel.told.readBacks).toEqual([['listing-1'], ['listing-2']]);
  });

  it('tells in a later call the number as it is then', async () => {
    channel.duringWrite = async () => {
      channel.duringWrite = () => Promise.resolve();
      await receive(world.skus[1], 60);
    };
    await pushInOnes();
    expect(channel.told.pushes.at(-1)).toMatchObject([{ listingExternalId: 'listing-2', quantity: 20 }]);
  });

  it('tells a number that falls behind others that may not be told while orders cannot be read', async () => {
    await pushInOnes();
    await receive(world.skus[0], 60);
    // As if the channel had been told more than there is now.
    await database.run((ctx) =>
      rows(
        ctx.tx,
        sql`update listings set told_quantity = told_quantity + 5, wanted_version = wanted_version + 1
            where external_id = 'listing-2'`,
      ),
    );
    channel.told.pushes.length = 0;
    expect(await world.run(inOnes(pushStock(() => Promise.resolve(false))))).toEqual({ didWork: true });
    expect(told()).toEqual([['listing-2']]);
  });

  it('ends with a call that the channel fails', async () => {
    channel.writeFaults.push(new ChannelFault({ kind: 'unavailable' }));
    await pushInOnes();
    expect(told()).toEqual([['listing-1']]);
  });

  it('ends when its time is over, and leaves the rest to the next', async () => {
    channel.duringWrite = () => {
      clock.advance(2_000);
      return Promise.resolve();
    };
    expect(await pushInOnes()).toEqual({ didWork: true });
    expect(told()).toEqual([['listing-1']]);
    await pushInOnes();
    expect(told()).toEqual([['listing-1'], ['listing-2']]);
  });
});
