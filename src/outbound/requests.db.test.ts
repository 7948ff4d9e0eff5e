import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { soldLine } from '../../test/support/factories/channel-order.ts';
import { useOutbound, type OutboundWorld } from '../../test/support/factories/outbound-world.ts';
import { ChannelFault } from '../connector-kit/index.ts';
import { Fault, newId, type OrderId, type OrderLineId } from '../kernel/index.ts';
import type { OrderDetail } from '../orders/index.ts';
import { firstRow, rows } from '../platform/db/index.ts';
import { outcomeSettleMsDefault } from './lane.ts';
import { findChannelRequests } from './queries.ts';
import { requestCancel, type CancelRequest } from './request-cancel.ts';
import { requestRefund, type RefundRequest } from './request-refund.ts';
import { readRequestedOrder } from './requested-order.ts';
import { sendRequests } from './send-requests.ts';
import { settleCancels } from './settle-cancels.ts';

const bench = useOutbound();
const { channel, clock, database, orderTold } = bench;
let world: OutboundWorld;

beforeEach(async () => {
  world = await bench.open({ pushesStock: false });
});

const cancel = (orderId: OrderId, lines: CancelRequest['lines'] = null): Promise<{ requestId: string }> =>
  database.run((ctx) => requestCancel(ctx, bench.deps().connectors, { orderId, lines, reason: 'asked' }));

const refund = (
  orderId: OrderId,
  amountMinor: number,
  more: Partial<RefundRequest> = {},
): Promise<{ requestId: string }> =>
  database.run((ctx) =>
    requestRefund(ctx, bench.deps().connectors, {
      orderId,
      amountMinor,
      currency: 'EUR',
      reason: 'goodwill',
      lines: [],
      ...more,
    }),
  );

/** The first named field of the fault that `work` ends with, and what is wrong with it. */
async function faultOf(work: Promise<unknown>): Promise<{ code: string; path: string | undefined }> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Fault)) throw new Error(`no fault: ${String(error)}`);
  const field = error.fields[0];
  return { code: field?.code ?? error.code, path: field?.path };
}

const lineOf = (order: OrderDetail): OrderLineId => {
  const line = order.lines[0];
  if (line === undefined) throw new Error('no line');
  return line.orderLineId;
};

const requests = (orderId: OrderId) => database.read((db) => findChannelRequests(db, orderId));
const send = () => world.run(sendRequests);
const rejected = new ChannelFault({ kind: 'rejected', code: 'too_late', detail: 'already packed' });

describe('a cancel', () => {
  it('holds the order at once, so that nothing more of it is allocated', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 2]]);
    await cancel(orderId);
    expect((await world.order(orderId)).holds).toEqual(['cancel_asked']);
    await world.allocate();
    expect(await world.parcels(orderId)).toEqual([]);
    expect(await requests(orderId)).toMatchObject([{ kind: 'cancel', state: 'due', lines: null }]);
  });

  it('is refused while an earlier one is on its way', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 2]]);
    await cancel(orderId);
    expect(await faultOf(cancel(orderId))).toMatchObject({ code: 'order.cancel_pending' });
  });

  it('is refused for an order that is cancelled', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 2]]);
    await world.readAgain('A', {
      cancelledAt: '2026-11-20T11:30:00Z',
      lines: [soldLine('A/1', { quantity: 2, cancelledQuantity: 2 })],
    });
    expect(await faultOf(cancel(orderId))).toMatchObject({ code: 'order.already_cancelled' });
  });

  it('names the line that is foreign, empty or asks for too much, and leaves no hold behind', async () => {
    const order = await world.sell('A', [['listing-1', 2]]);
    const other = await world.sell('B', [['listing-1', 2]]);
    const asked = (orderLineId: OrderLineId, quantity: number) => cancel(order.orderId, [{ orderLineId, quantity }]);
    expect(await faultOf(asked(lineOf(other), 1))).toEqual({
      code: 'order_line.not_found',
      path: 'lines.0.orderLineId',
    });
    expect((await faultOf(asked(lineOf(order), 0))).path).toBe('lines.0.quantity');
    expect(await faultOf(asked(lineOf(order), 3))).toEqual({
      code: 'order.not_cancellable',
      path: 'lines.0.quantity',
    });
    const twice = [1, 1].map((quantity) => ({ orderLineId: lineOf(order), quantity }));
    expect(await faultOf(cancel(order.orderId, twice))).toEqual({
      code: 'order_line.named_twice',
      path: 'lines.1.orderLineId',
    });
    expect((await world.order(order.orderId)).holds).toEqual([]);
    expect(await requests(order.orderId)).toEqual([]);
  });

  it('is refused once everything has left', async () => {
    const { orderId } = await world.sellAndShip('A', [['listing-1', 2]]);
    expect(await faultOf(cancel(orderId))).toMatchObject({ code: 'order.not_cancellable' });
  });

  it('is refused where the channel cannot cancel, and so is a refund', async () => {
    world = await bench.open({ channel: 'mute', pushesStock: false });
    const { orderId } = await world.sell('A', [['listing-1', 2]]);
    expect(await faultOf(cancel(orderId))).toMatchObject({ code: 'channel.cannot_cancel' });
    expect(await faultOf(refund(orderId, 100))).toMatchObject({ code: 'channel.cannot_refund' });
  });

  it('tells the channel how many units shall be cancelled in all, the same on every try', async () => {
    const order = await world.sell('A', [['listing-1', 5]]);
    await world.readAgain('A', { lines: [soldLine('A/1', { quantity: 5, cancelledQuantity: 1 })] });
    await cancel(order.orderId, [{ orderLineId: lineOf(order), quantity: 2 }]);
    channel.writeFaults.push(new ChannelFault({ kind: 'outcome_unknown' }));
    await send();
    clock.advance(outcomeSettleMsDefault - 1);
    expect(await send()).toEqual({ didWork: false });
    await world.readAgain('A', { lines: [soldLine('A/1', { quantity: 5, cancelledQuantity: 3 })] });
    await send();
    expect(channel.told.cancels.map(({ lines }) => lines)).toEqual([
      [{ lineExternalId: 'A/1', quantity: 3 }],
      [{ lineExternalId: 'A/1', quantity: 3 }],
    ]);
    expect(await requests(order.orderId)).toMatchObject([{ state: 'done', cause: null }]);
  });

  it('keeps its hold while the read that it asked for is not answered, whatever a late webhook brings', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 2]]);
    await cancel(orderId);
    await send();
    await world.hearOf('A', { buyerNote: 'sent before the cancel, come after it' });
    expect(await world.run(settleCancels)).toEqual({ didWork: false });
    await world.readAgain('A');
    expect(await world.run(settleCancels)).toEqual({ didWork: true });
  });

  it('lifts its hold after a read that began when the cancel had finished, and not after an older one', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 2]]);
    await cancel(orderId);
    clock.advance(10);
    const early = clock.now();
    clock.advance(10);
    await send();
    expect(orderTold).toMatchObject([{ orderIds: [orderId] }]);
    expect(await world.run(settleCancels)).toEqual({ didWork: false });
    await world.readAgain('A', { buyerNote: 'read before the cancel' }, early);
    expect(await world.run(settleCancels)).toEqual({ didWork: false });
    expect((await world.order(orderId)).holds).toEqual(['cancel_asked']);
    await world.readAgain('A', {
      cancelledAt: '2026-11-20T12:00:01Z',
      lines: [soldLine('A/1', { quantity: 2, cancelledQuantity: 2 })],
    });
    expect(await world.run(settleCancels)).toEqual({ didWork: true });
    expect((await world.order(orderId)).holds).toEqual([]);
    await world.allocate();
    expect(await world.parcels(orderId)).toEqual([]);
  });

  it('that the channel refuses gives the order back to the warehouse and tells a person', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 2]]);
    await cancel(orderId);
    channel.writeFaults.push(rejected);
    await send();
    expect(await requests(orderId)).toMatchObject([{ state: 'refused', cause: { code: 'too_late' } }]);
    expect(await world.exceptions()).toEqual(['order.cancel_refused']);
    expect(orderTold).toMatchObject([{ orderIds: [orderId] }]);
    expect((await world.order(orderId)).holds).toEqual([]);
    await world.allocate();
    expect(await world.parcels(orderId)).toHaveLength(1);
  });

  it('behind a refund that meets a closed shop is sent first', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 2]]);
    await refund(orderId, 100);
    clock.advance(1);
    await cancel(orderId);
    channel.writeFaults.push(null, new ChannelFault({ kind: 'unavailable' }));
    await send();
    expect(await requests(orderId)).toMatchObject([
      { kind: 'refund', state: 'due' },
      { kind: 'cancel', state: 'done' },
    ]);
  });
});

describe('a refund', () => {
  it('is refused in another currency, of nothing, of too much and for foreign or empty lines', async () => {
    const order = await world.sell('A', [['listing-1', 1]]);
    const other = await world.sell('B', [['listing-1', 1]]);
    const { orderId } = order;
    const forLine = (orderLineId: OrderLineId, quantity: number) =>
      refund(orderId, 100, { lines: [{ orderLineId, quantity }] });
    expect(await faultOf(refund(orderId, 100, { currency: 'USD' }))).toMatchObject({ code: 'money.currency_mismatch' });
    expect(await faultOf(refund(orderId, 0))).toMatchObject({ code: 'refund.not_positive' });
    expect(await faultOf(refund(orderId, 1_001))).toEqual({ code: 'refund.too_much', path: 'amount.minor' });
    expect(await faultOf(forLine(lineOf(other), 1))).toMatchObject({ code: 'order_line.not_found' });
    expect((await faultOf(forLine(lineOf(order), 0))).path).toBe('lines.0.quantity');
    expect(await faultOf(forLine(lineOf(order), 2))).toMatchObject({ code: 'refund.more_than_ordered' });
    const twice = [1, 1].map((quantity) => ({ orderLineId: lineOf(order), quantity }));
    expect(await faultOf(refund(orderId, 100, { lines: twice }))).toMatchObject({ code: 'order_line.named_twice' });
    expect(await requests(orderId)).toEqual([]);
  });

  it('counts what is asked for, what is refunded, and neither twice', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 1]]);
    await refund(orderId, 400);
    expect(await faultOf(refund(orderId, 601))).toMatchObject({ code: 'refund.too_much' });
    await send();
    const shown = { externalId: 'written-1', amountMinor: 400, state: 'settled' } as const;
    await world.readAgain('A', {
      refunds: [{ ...shown, paymentExternalId: null, reason: null, at: null, lines: [] }],
    });
    const left = await database.read((db) => readRequestedOrder(db, orderId));
    expect(left.refundableMinor).toBe(600);
    await refund(orderId, 600);
  });

  it('that the channel refuses can be asked for again', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 1]]);
    await refund(orderId, 1_000);
    channel.writeFaults.push(rejected);
    await send();
    expect(await world.exceptions()).toEqual(['order.refund_refused']);
    await refund(orderId, 1_000);
  });

  it('carries one request id over all its tries', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 1]]);
    const { requestId } = await refund(orderId, 700);
    channel.writeFaults.push(new ChannelFault({ kind: 'outcome_unknown' }));
    await send();
    expect(await requests(orderId)).toMatchObject([{ state: 'unknown' }]);
    clock.advance(outcomeSettleMsDefault);
    await send();
    expect(channel.told.refunds.map((command) => command.requestId)).toEqual([requestId, requestId]);
    expect(await requests(orderId)).toMatchObject([{ state: 'done', externalId: 'written-2' }]);
  });
});

describe('ten refunds of 300 at the same time on an order of 1 000', () => {
  /** Minor units that were asked for beyond what was paid. */
  const beyondPaid = async (orderId: OrderId): Promise<number> => {
    const found = await database.read((db) =>
      firstRow<{ beyond: number }>(
        db,
        sql`select greatest(0, (select coalesce(sum(amount_minor), 0) from channel_requests where order_id = o.id) - o.buyer_paid_minor)::int8
                     as beyond from orders o where o.id = ${orderId}`,
      ),
    );
    return found?.beyond ?? 0;
  };
  const tenTimes = <Result>(work: () => Promise<Result>) =>
    Promise.allSettled(Array.from({ length: 10 }, () => work()));

  it('never ask for more than was paid', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 1]]);
    const asked = await tenTimes(() => refund(orderId, 300));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const each of asked)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'refund.too_much' });
    expect(await beyondPaid(orderId)).toBe(0);
  });

  it('do ask for more without the lock on the order, which this check would see', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 1]]);
    let waiting = 10;
    let allRead = (): void => undefined;
    const barrier = new Promise<void>((resolve) => (allRead = resolve));
    await tenTimes(() =>
      database.run(async (ctx) => {
        const order = await readRequestedOrder(ctx.tx, orderId);
        waiting -= 1;
        if (waiting === 0) allRead();
        await barrier;
        if (order.refundableMinor < 300) return;
        await rows(
          ctx.tx,
          sql`insert into channel_requests (id, shop_id, order_id, kind, lines, amount_minor, reason, due_at, created_at)
              values (${newId<'channel_request'>()}, ${order.shopId}, ${orderId}, 'refund', '[]', 300, 'naive', ${ctx.now}, ${ctx.now})`,
        );
      }),
    );
    expect(await beyondPaid(orderId)).toBe(2_000);
  });
});
