import { beforeEach, describe, expect, test } from 'vitest';
import type { ShopDeps } from '../../../src/channels/index.ts';
import { ChannelFault } from '../../../src/connector-kit/index.ts';
import { shopLanes } from '../../../src/main/lanes/shop-lane.ts';
import { requestCancel, requestRefund } from '../../../src/outbound/index.ts';
import { lease } from '../../support/factories/inbound-world.ts';
import { useOutbound, type OutboundWorld } from '../../support/factories/outbound-world.ts';

/**
 * The channel does what it is asked, and its answer is lost. What the lane does then is counted at the channel: the same
 * package, request or number again, by the same reference, and only once the channel can no longer apply the first.
 */

const bench = useOutbound();
const settleMs = 15_000;
let world: OutboundWorld;
let deps: ShopDeps;

beforeEach(async () => {
  world = await bench.open({ pushesStock: false });
  deps = bench.deps();
});

async function pass(): Promise<void> {
  bench.clock.advance(1);
  await shopLanes(deps, null).drain(`outbound:${world.shopId}`, lease);
}

async function pastSettling(): Promise<void> {
  for (let minutes = 0; minutes < 3; minutes += 1) {
    bench.clock.advance(60_000);
    await pass();
  }
}

const loseAnswers = (count: number): void => {
  bench.channel.writeFaults.push(...Array.from({ length: count }, () => new ChannelFault({ kind: 'outcome_unknown' })));
};

describe('case 30: a time-out after the channel has committed', () => {
  test('a shipment: the same package is asked for by the same reference, never before its outcome has settled, and once it is known never again', async () => {
    const order = await world.sellAndShip('o1', [['listing-1', 2]]);
    loseAnswers(2);
    await pass();
    const { announced } = bench.channel.told;
    expect(announced).toHaveLength(1);
    bench.clock.advance(settleMs - 1_000);
    await pass();
    expect(announced).toHaveLength(1);
    await pastSettling();
    expect(announced).toHaveLength(3);
    expect(new Set(announced.map(({ packageReference }) => packageReference)).size).toBe(1);
    expect(new Set(announced.map((command) => JSON.stringify(command))).size).toBe(1);
    await pastSettling();
    expect(announced).toHaveLength(3);
    expect((await world.order(order.orderId)).lines[0]?.channelFulfilledQuantity).toBe(2);
  });

  test('a refund: one request id over all tries, so that the channel pays once', async () => {
    const { orderId } = await world.sellAndShip('o2', [['listing-1', 2]]);
    await pass();
    await bench.database.run((ctx) =>
      requestRefund(ctx, deps.connectors, {
        orderId,
        amountMinor: 150,
        currency: 'EUR',
        reason: 'goodwill',
        lines: [],
      }),
    );
    loseAnswers(1);
    await pass();
    const { refunds } = bench.channel.told;
    expect(refunds).toHaveLength(1);
    bench.clock.advance(settleMs - 1_000);
    await pass();
    expect(refunds).toHaveLength(1);
    await pastSettling();
    expect(refunds).toHaveLength(2);
    expect(new Set(refunds.map(({ requestId }) => requestId)).size).toBe(1);
    await pastSettling();
    expect(refunds).toHaveLength(2);
  });

  test('a cancel: repeated with the units that shall be cancelled in all, which a second time cancels nothing', async () => {
    const { orderId } = await world.sell('o3', [['listing-1', 4]]);
    await bench.database.run((ctx) =>
      requestCancel(ctx, deps.connectors, { orderId, lines: null, reason: 'customer asked' }),
    );
    loseAnswers(1);
    await pass();
    const { cancels } = bench.channel.told;
    expect(cancels).toHaveLength(1);
    await pastSettling();
    expect(cancels).toHaveLength(2);
    expect(new Set(cancels.map((command) => JSON.stringify(command))).size).toBe(1);
    await pastSettling();
    expect(cancels).toHaveLength(2);
  });
});
