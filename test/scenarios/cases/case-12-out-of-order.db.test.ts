import { describe, expect, test } from 'vitest';
import type { ChannelOrder } from '../../../src/connector-kit/index.ts';
import { findOrder, getOrder, type OrderDetail } from '../../../src/orders/index.ts';
import { useDatabase } from '../../support/database.ts';
import { soldLine, soldOrder } from '../../support/factories/channel-order.ts';
import { expectInboxSound, openInboundWorld, type InboundWorld } from '../../support/factories/inbound-world.ts';

const database = useDatabase();

/** What a channel says of one order, in the order of its versions. */
const told: readonly ChannelOrder[] = [
  soldOrder('o1', { version: '1', paymentState: 'unpaid', paidAt: null }),
  soldOrder('o1', { version: '2' }),
  soldOrder('o1', { version: '3', lines: [soldLine('line-1', { quantity: 3 })] }),
  soldOrder('o1', { version: '4', cancelledAt: '2026-11-20T12:00:00Z', cancelReason: 'changed my mind' }),
];

/** Delivers these versions one after the other, taking each in before the next or all at the end. */
async function afterWebhooks(versions: readonly number[], isEachTakenIn: boolean): Promise<OrderDetail> {
  const world = await openInboundWorld(database);
  for (const version of versions) {
    const order = told[version - 1];
    if (order === undefined) throw new Error(`no version ${version}`);
    expect((await world.deliver(order, `d${version}`)).status).toBe(202);
    if (isEachTakenIn) await world.drain();
  }
  await world.drain();
  return orderOf(world);
}

async function orderOf(world: InboundWorld): Promise<OrderDetail> {
  expect(await world.orders()).toHaveLength(1);
  return database.read(async (db) => {
    const found = (await findOrder(db, 'N-o1')).find(({ shopId }) => shopId === world.shopId);
    if (found === undefined) throw new Error('no order');
    return getOrder(db, found.orderId);
  });
}

const facts = ({ version, paidAt, cancelledAt, lines, holds }: OrderDetail) => ({
  version,
  isPaid: paidAt !== null,
  isCancelled: cancelledAt !== null,
  quantity: lines[0]?.quantity,
  holds: [...holds],
});

describe.each([
  ['taken in one by one', true],
  ['taken in together', false],
])('case 12: webhooks out of order, %s', (_, isEachTakenIn) => {
  test('paid before created: the order is paid, and created does not undo it', async () => {
    const order = await afterWebhooks([2, 1], isEachTakenIn);
    expect(facts(order)).toEqual({ version: 1, isPaid: true, isCancelled: false, quantity: 1, holds: [] });
  });

  test('cancelled before created: the order is cancelled and wants no goods', async () => {
    const order = await afterWebhooks([4, 1], isEachTakenIn);
    expect(facts(order)).toMatchObject({ isCancelled: true });
    expect(order.lines.map(({ quantity, cancelledQuantity }) => quantity - cancelledQuantity)).toEqual([0]);
  });

  test('an older update after a newer one changes nothing', async () => {
    const order = await afterWebhooks([1, 3, 2], isEachTakenIn);
    expect(facts(order)).toMatchObject({ isPaid: true, isCancelled: false, quantity: 3 });
  });

  test('all of them, however shuffled, end in the same order', async () => {
    const expected = facts(await afterWebhooks([4], true));
    const { version: _version, ...state } = expected;
    for (const versions of permutations([1, 2, 3, 4]).filter((_each, index) => index % 5 === 1)) {
      expect(facts(await afterWebhooks(versions, isEachTakenIn))).toMatchObject(state);
    }
    await expectInboxSound(database);
  });
});

function permutations(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first) => permutations(items.filter((each) => each !== first)).map((rest) => [first, ...rest]));
}
