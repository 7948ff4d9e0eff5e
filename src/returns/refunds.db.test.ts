import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { soldLine } from '../../test/support/factories/channel-order.ts';
import {
  expectReturnsSound,
  faultOf,
  lineOf,
  shownRefund,
  useReturns,
  wishOf,
  type ReturnsWorld,
} from '../../test/support/factories/returns-world.ts';
import type { OrderId } from '../kernel/index.ts';
import { rows } from '../platform/db/index.ts';
import { askReturnRefund, type ReturnRefundRequest } from './ask-refund.ts';
import type { ReturnId } from './return-states.ts';
import { withdrawReturn } from './withdraw-return.ts';

const bench = useReturns();
const { channel, database } = bench;
let world: ReturnsWorld;

beforeEach(async () => {
  world = await bench.open();
});
afterEach(() => expectReturnsSound(database));

const ask = (returnId: ReturnId, more: Partial<ReturnRefundRequest> = {}) =>
  database.run((ctx) => askReturnRefund(ctx, { ...wishOf(), lines: null, ...more, returnId }));

/** The order's document again, with these refunds. */
const show = (externalId: string, ...refunds: ReturnType<typeof shownRefund>[]) =>
  world.readAgain(externalId, { refunds });

describe('a refund that the channel reports', () => {
  it('opens one return for the units that had left, however often its order is read', async () => {
    const order = await world.sellAndShip('A', [
      ['listing-1', 3],
      ['listing-2', 1],
    ]);
    await show('A', shownRefund('r-1', 2_000, [['A/1', 2]]));
    await world.readAgain('A', { refunds: [shownRefund('r-1', 2_000, [['A/1', 2]])], buyerNote: 'again' });
    const [opened, ...others] = await world.returnsOf(order.orderId);
    expect(others).toEqual([]);
    expect(opened).toMatchObject({ source: 'channel_refund', state: 'open', reason: 'did not fit', units: 2 });
    expect(opened?.lines).toMatchObject([{ orderLineId: lineOf(order), quantity: 2 }]);
    expect(opened?.refunds).toMatchObject([
      { externalId: 'r-1', requestId: null, state: 'settled', amountMinor: 2_000 },
    ]);
    if (opened === undefined) return;
    await world.decide(opened.returnId, [{ decision: 'restock', quantity: 2 }]);
    expect(await world.onHand()).toEqual([99, 54]);
  });

  it('of money alone opens none', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 1]]);
    await show('A', shownRefund('r-1', 300));
    expect(await world.returnsOf(order.orderId)).toEqual([]);
  });

  it('for units that have not left opens none, not even after the rest has left', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 3]]);
    const lines = [soldLine('A/1', { quantity: 3, cancelledQuantity: 1 })];
    const cancelled = shownRefund('r-1', 1_000, [['A/1', 1]]);
    await world.readAgain('A', { lines, refunds: [cancelled] });
    await world.allocate();
    await world.ship(...(await world.parcels(orderId)));
    await world.readAgain('A', { lines, refunds: [cancelled], buyerNote: 'shipped' });
    expect(await world.returnsOf(orderId)).toEqual([]);
    expect(await world.onHand()).toEqual([98, 60]);
    await world.readAgain('A', { lines, refunds: [cancelled, shownRefund('r-2', 1_000, [['A/1', 1]])] });
    expect(await world.returnsOf(orderId)).toMatchObject([{ units: 1, refunds: [{ externalId: 'r-2' }] }]);
  });

  it('joins the return that somebody entered for the same units', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 3]]);
    const { returnId } = await world.enter(order, [2]);
    await show('A', shownRefund('r-1', 1_000, [['A/1', 1]]));
    await show('A', shownRefund('r-1', 1_000, [['A/1', 1]]), shownRefund('r-2', 1_000, [['A/1', 1]]));
    expect(await world.returnsOf(order.orderId)).toMatchObject([
      { returnId, refunds: [{ externalId: 'r-1' }, { externalId: 'r-2' }] },
    ]);
    await show('A', ...['r-1', 'r-2', 'r-3'].map((id) => shownRefund(id, 1_000, [['A/1', 1]])));
    expect(await world.returnsOf(order.orderId)).toMatchObject([{ returnId }, { source: 'channel_refund', units: 1 }]);
  });

  it('that fails takes its undecided return with it, and leaves a decided one', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 2]]);
    const pending = (id: string) => shownRefund(id, 1_000, [['A/1', 1]], { state: 'pending' });
    await show('A', pending('r-1'), pending('r-2'));
    const [first, second] = await world.returnsOf(order.orderId);
    if (first === undefined || second === undefined) throw new Error('no two returns');
    await world.decide(second.returnId, [{ decision: 'scrap', quantity: 1 }]);
    const failed = (id: string) => ({ ...pending(id), state: 'failed' as const });
    await show('A', failed('r-1'), failed('r-2'));
    expect((await world.returnsOf(order.orderId)).map(({ state }) => state)).toEqual(['withdrawn', 'decided']);
    expect(await world.exceptions()).toEqual(['return.refund_failed']);
    expect((await world.order(order.orderId)).lines[0]?.parts[0]?.returned).toBe(1);
    await world.enter(order, [1]);
  });
});

describe('a refund that fails after the channel has shown it', () => {
  it('is an exception of the return that goes on without its money, until it is asked for again', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 1]]);
    const { returnId } = await world.enter(order, [1], {});
    await world.send();
    await show('A', shownRefund('written-1', 1_000, [['A/1', 1]], { state: 'pending' }));
    expect(await faultOf(ask(returnId))).toBe('return.already_refunded');
    const failed = shownRefund('written-1', 1_000, [['A/1', 1]], { state: 'failed' });
    await show('A', failed);
    await world.readAgain('A', { refunds: [failed], buyerNote: 'again' });
    expect(await world.returned(returnId)).toMatchObject({ state: 'open', refunds: [{ state: 'failed' }] });
    expect(await world.exceptions()).toEqual(['return.refund_failed']);
    expect(await ask(returnId)).toMatchObject({ amountMinor: 1_000 });
    expect(await world.exceptions()).toEqual([]);
  });
});

describe('a refund that a return asks for', () => {
  it('is what was charged for the units, by parts that sum to the line, with shipping once', async () => {
    const lines = [soldLine('A/1', { quantity: 3, amountMinor: 1_000 })];
    const shipping = [{ externalId: 's', title: 'Parcel', amountMinor: 490, taxes: [] }];
    const { orderId } = await world.sell('A', [], { lines, shipping, totalMinor: 1_490 });
    await world.allocate();
    await world.ship(...(await world.parcels(orderId)));
    const order = await world.order(orderId);
    const amounts: number[] = [];
    for (const includesShipping of [true, true, false]) {
      const { refund } = await world.enter(order, [1], { includesShipping });
      amounts.push(refund?.amountMinor ?? 0);
    }
    expect(amounts).toEqual([333 + 490, 333, 334]);
    await world.send();
    expect(channel.told.refunds.map((command) => [command.amountMinor, command.lines])).toEqual(
      amounts.map((amount) => [amount, [{ lineExternalId: 'A/1', quantity: 1 }]]),
    );
  });

  it('comes with a decision for the units that came back, and with none of them twice', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 3]]);
    const { returnId } = await world.enter(order, [3]);
    const decided = await world.decide(
      returnId,
      [
        { decision: 'restock', quantity: 1 },
        { decision: 'none', quantity: 1 },
      ],
      {},
    );
    expect(decided).toMatchObject({ state: 'open', refund: { amountMinor: 1_000 } });
    expect(await ask(returnId)).toMatchObject({ amountMinor: 1_000 });
    expect(await faultOf(ask(returnId))).toBe('return.already_refunded');
    expect(await faultOf(world.decide(returnId, [{ decision: 'scrap', quantity: 1 }], {}))).toBe(
      'return.already_refunded',
    );
    const one = [{ orderLineId: lineOf(order), quantity: 1 }];
    expect(await ask(returnId, { lines: one, amount: { minor: 250, currency: 'EUR' } })).toMatchObject({
      amountMinor: 250,
    });
    expect(await faultOf(ask(returnId, { lines: one }))).toBe('return.more_than_returned');
  });

  it('that the channel then shows joins its return, also where it is seen before our call is answered', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 2]]);
    const { returnId } = await world.enter(order, [1], {});
    channel.duringWrite = () => show('A', shownRefund('written-1', 1_000, [['A/1', 1]]));
    await world.send();
    await show('A', shownRefund('written-1', 1_000, [['A/1', 1]]), shownRefund('other', 1_000, [['A/1', 1]]));
    expect(await world.returnsOf(order.orderId)).toMatchObject([
      { returnId, refunds: [{ externalId: 'written-1', state: 'settled', amountMinor: 1_000 }] },
      { source: 'channel_refund', refunds: [{ externalId: 'other', requestId: null }] },
    ]);
  });

  it('does not keep others from being judged once it is answered', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 2]]);
    await world.enter(order, [1], {});
    await show('A', shownRefund('by hand', 500, [['A/1', 1]]));
    expect(await world.returnsOf(order.orderId)).toHaveLength(1);
    await world.send();
    expect(await world.returnsOf(order.orderId)).toMatchObject([
      { source: 'person', refunds: [{ externalId: 'written-1', state: 'made' }] },
      { source: 'channel_refund', refunds: [{ externalId: 'by hand' }] },
    ]);
  });

  it('and that the channel refuses shows on the return with what to do, until it is asked again', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 1]]);
    const { returnId } = await world.enter(order, [1], {});
    world.refuseNextCall('too_old');
    await world.send();
    const [refused] = (await world.returned(returnId)).refunds;
    expect(refused).toMatchObject({ state: 'refused', cause: { code: 'too_old' } });
    expect(refused?.nextStep).toMatch(/ask again/);
    expect(await world.exceptions()).toEqual(['order.refund_refused']);
    expect(await ask(returnId)).toMatchObject({ amountMinor: 1_000 });
    expect(await world.exceptions()).toEqual([]);
    expect(await faultOf(database.run((ctx) => withdrawReturn(ctx, returnId)))).toBe('return.refund_stands');
  });

  it('is refused before anything is stored where the channel cannot refund, and where it is too much', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 1]]);
    const tooMuch = world.enter(order, [1], { amount: { minor: 1_001, currency: 'EUR' } });
    expect(await faultOf(tooMuch)).toBe('refund.too_much');
    expect(await faultOf(world.enter(order, [1], { amount: { minor: 1, currency: 'USD' } }))).toBe(
      'money.currency_mismatch',
    );
    world = await bench.open({ channel: 'mute' });
    const mute = await world.sellAndShip('B', [['listing-1', 1]]);
    expect(await faultOf(world.enter(mute, [1], {}))).toBe('channel.cannot_refund');
    for (const { orderId } of [order, mute]) expect(await leftovers(orderId)).toEqual([]);
  });
});

/** Rows that returns left behind of an order. */
function leftovers(orderId: OrderId): Promise<unknown[]> {
  return database.read((db) =>
    rows(
      db,
      sql`select id from returns where order_id = ${orderId} union all select id from return_refunds where order_id = ${orderId}`,
    ),
  );
}
