import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  constraintOf,
  expectReturnsSound,
  lineOf,
  shownRefund,
  shownReturn,
  useReturns,
  type ReturnsWorld,
} from '../../test/support/factories/returns-world.ts';
import { newId, type OrderId } from '../kernel/index.ts';
import { rows } from '../platform/db/index.ts';
import type { ReturnDetail } from './queries.ts';

const bench = useReturns();
const { database } = bench;
let world: ReturnsWorld;

beforeEach(async () => {
  world = await bench.open();
});
afterEach(() => expectReturnsSound(database));

/** The order's document again, with these returns. */
const show = (...returns: ReturnType<typeof shownReturn>[]) => world.readAgain('A', { returns });

async function onlyReturn(orderId: OrderId): Promise<ReturnDetail> {
  const [found, ...others] = await world.returnsOf(orderId);
  if (found === undefined || others.length > 0) throw new Error('not one return');
  return found;
}

describe('a return that the channel reports', () => {
  it('opens one for the units that had left, however often its order is read, and waits for decisions', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 3]]);
    await show(shownReturn('t-1', [['A/1', 2]]));
    await world.readAgain('A', { returns: [shownReturn('t-1', [['A/1', 2]])], buyerNote: 'again' });
    const opened = await onlyReturn(order.orderId);
    expect(opened).toMatchObject({ source: 'channel_return', state: 'open', reason: 'too small', waitingUnits: 2 });
    expect(opened.lines).toMatchObject([{ orderLineId: lineOf(order), quantity: 2 }]);
    await show(shownReturn('t-1', [['A/1', 2]], 'received'));
    expect((await onlyReturn(order.orderId)).reports).toMatchObject([{ externalId: 't-1', state: 'received' }]);
    await world.decide(opened.returnId, [{ decision: 'restock', quantity: 2 }]);
    expect(await world.onHand()).toEqual([99, 60]);
  });

  it('takes up only what left from here and is in no other return, and says what it left out', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 3]]);
    await world.enter(order, [1]);
    await show(shownReturn('t-1', [['A/1', 4]]), shownReturn('t-2', [['A/1', 2]]));
    expect(await world.returnsOf(order.orderId)).toMatchObject([
      { source: 'person', units: 1, reports: [] },
      { source: 'channel_return', units: 2, reports: [{ externalId: 't-1' }] },
    ]);
    const { timeline } = await world.order(order.orderId);
    expect(
      timeline.filter(({ kind }) => kind.startsWith('return_')).map(({ kind, data }) => [kind, data]),
    ).toMatchObject([
      ['return_opened', { source: 'person' }],
      ['return_opened', { leftOut: [{ orderLineId: lineOf(order), quantity: 2 }] }],
      ['return_not_ours', { externalId: 't-2', lines: [{ quantity: 2 }] }],
    ]);
  });

  it('joins the return that somebody entered for the same units', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 3]]);
    const { returnId } = await world.enter(order, [2]);
    await show(shownReturn('t-1', [['A/1', 2]]));
    expect(await onlyReturn(order.orderId)).toMatchObject({
      returnId,
      source: 'person',
      reports: [{ externalId: 't-1' }],
    });
    await show(shownReturn('t-1', [['A/1', 2]]), shownReturn('t-2', [['A/1', 1]]));
    expect(await world.returnsOf(order.orderId)).toMatchObject([{ returnId }, { source: 'channel_return', units: 1 }]);
  });

  it('is joined by the refund of its units, also one that comes with it or came before', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 3]]);
    const [first, second, third] = [1, 2, 3].map((number) => shownReturn(`t-${number}`, [['A/1', 1]]));
    const refunds = (...numbers: number[]) => numbers.map((number) => shownRefund(`r-${number}`, 1_000, [['A/1', 1]]));
    if (first === undefined || second === undefined || third === undefined) throw new Error('no returns');
    await show(first);
    await world.readAgain('A', { returns: [first], refunds: refunds(1) });
    await world.readAgain('A', { returns: [first, second], refunds: refunds(1, 2) });
    await world.readAgain('A', { returns: [first, second], refunds: refunds(1, 2, 3) });
    await world.readAgain('A', { returns: [first, second, third], refunds: refunds(1, 2, 3) });
    const found = await world.returnsOf(order.orderId);
    const joined = found.map(({ source, reports, refunds: own }) => [
      source,
      ...[...reports, ...own].map(({ externalId }) => externalId),
    ]);
    expect(joined).toEqual([
      ['channel_return', 't-1', 'r-1'],
      ['channel_return', 't-2', 'r-2'],
      ['channel_refund', 't-3', 'r-3'],
    ]);
  });

  it('keeps the return of a refund that then fails', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 1]]);
    const pending = shownRefund('r-1', 1_000, [['A/1', 1]], { state: 'pending' });
    const asked = shownReturn('t-1', [['A/1', 1]]);
    await world.readAgain('A', { refunds: [pending] });
    await world.readAgain('A', { refunds: [pending], returns: [asked] });
    await world.readAgain('A', { refunds: [{ ...pending, state: 'failed' }], returns: [asked] });
    expect(await onlyReturn(order.orderId)).toMatchObject({ source: 'channel_refund', state: 'open' });
    await world.readAgain('A', {
      refunds: [{ ...pending, state: 'failed' }],
      returns: [{ ...asked, state: 'cancelled' }],
    });
    expect(await onlyReturn(order.orderId)).toMatchObject({ state: 'withdrawn' });
  });
});

describe('a return that is cancelled on the channel', () => {
  it('withdraws the undecided one that came of it, and opens another when it is asked for again', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 2]]);
    const asked = shownReturn('t-1', [['A/1', 2]]);
    await show(asked);
    await show({ ...asked, state: 'cancelled' });
    expect(await onlyReturn(order.orderId)).toMatchObject({ state: 'withdrawn', reports: [{ state: 'cancelled' }] });
    expect((await world.order(order.orderId)).lines[0]?.parts[0]?.returned).toBe(0);
    await show(asked);
    expect((await world.returnsOf(order.orderId)).map(({ state, units }) => [state, units])).toEqual([
      ['withdrawn', 2],
      ['open', 2],
    ]);
    expect(await world.exceptions()).toEqual([]);
  });

  it('is an exception of one that is decided in part or was entered by a person, until that is settled', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 3]]);
    const entered = await world.enter(order, [1]);
    const both = [shownReturn('t-1', [['A/1', 1]]), shownReturn('t-2', [['A/1', 2]])];
    await show(...both);
    const [, opened] = await world.returnsOf(order.orderId);
    if (opened === undefined) throw new Error('no second return');
    await world.decide(opened.returnId, [{ decision: 'scrap', quantity: 1 }]);
    await show(...both.map((each) => ({ ...each, state: 'cancelled' as const })));
    expect((await world.returnsOf(order.orderId)).map(({ state }) => state)).toEqual(['open', 'open']);
    expect(await world.exceptions()).toEqual(['return.cancelled_on_channel', 'return.cancelled_on_channel']);
    await show(...both);
    expect(await world.exceptions()).toEqual([]);
    await show(...both.map((each) => ({ ...each, state: 'cancelled' as const })));
    await world.decideAll(opened.returnId, 'none');
    await world.decideAll(entered.returnId, 'none');
    expect(await world.exceptions()).toEqual([]);
  });

  it('and that names other units than before is an exception until the return is decided', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 3]]);
    await show(shownReturn('t-1', [['A/1', 1]]));
    await show(shownReturn('t-1', [['A/1', 2]]));
    const { returnId, units } = await onlyReturn(order.orderId);
    expect([units, await world.exceptions()]).toEqual([1, ['return.changed_on_channel']]);
    await world.decideAll(returnId, 'scrap');
    expect(await world.exceptions()).toEqual([]);
  });
});

describe('at the same time', () => {
  it('a return of the channel and an entry of the same unit make one return', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 1]]);
    const [, entered] = await Promise.allSettled([show(shownReturn('t-1', [['A/1', 1]])), world.enter(order, [1])]);
    if (entered.status === 'rejected') expect(entered.reason).toMatchObject({ code: 'return.more_than_shipped' });
    expect(await onlyReturn(order.orderId)).toMatchObject({ units: 1, reports: [{ externalId: 't-1' }] });
  });

  it('the database refuses a second judgement of one return by itself', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 1]]);
    await show(shownReturn('t-1', [['A/1', 1]]));
    const again = database.run((ctx) =>
      rows(
        ctx.tx,
        sql`insert into return_reports (id, order_id, external_id, state, lines, created_at, updated_at)
            values (${newId()}, ${order.orderId}, 't-1', 'requested', '[]', ${ctx.now}, ${ctx.now})`,
      ),
    );
    expect(await constraintOf(again)).toBe('return_reports_external_id');
  });
});
