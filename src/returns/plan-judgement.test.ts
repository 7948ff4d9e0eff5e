import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId, type OrderLineId } from '../kernel/index.ts';
import type { KnownRefund } from './known-refunds.ts';
import { judgeRefunds, type JudgedOrder, type Judgement, type ToldRefund } from './plan-judgement.ts';
import type { ShippedLine, ShippedOrder } from './shipped-orders.ts';

const orderId = newId<'order'>();
const lineIds = [newId<'order_line'>(), newId<'order_line'>()] as const;

type Units = Pick<ShippedLine, 'quantity' | 'shipped' | 'returnable'>;

const orderOf = (...lines: readonly Units[]): ShippedOrder => ({
  orderId,
  shopId: newId<'shop'>(),
  number: 1001,
  currency: 'EUR',
  lines: lines.map((units, index) => ({
    ...units,
    orderId,
    orderLineId: lineIds[index] ?? lineIds[0],
    externalId: `L${index}`,
  })),
});

const told = (externalId: string, ...quantities: readonly number[]): ToldRefund => ({
  externalId,
  amountMinor: 100,
  reason: null,
  lines: quantities.map((quantity, index) => ({ line: `L${index}`, quantity })),
});

const known = (facts: Partial<KnownRefund>): KnownRefund => ({
  refundId: newId(),
  orderId,
  returnId: null,
  requestId: null,
  externalId: 'known',
  state: 'settled',
  amountMinor: 100,
  shippingMinor: 0,
  lines: [],
  cause: null,
  createdAt: new Date(0),
  ...facts,
});

const judge = (order: ShippedOrder, refunds: readonly ToldRefund[], more: Partial<JudgedOrder> = {}): Judgement[] =>
  judgeRefunds({ order, told: refunds, known: [], returns: [], ...more });

const opened = (judgement: Judgement | undefined): number[] => judgement?.opens.map(({ quantity }) => quantity) ?? [];

describe('units of a refund', () => {
  it('are those that have not left before those that have', () => {
    const [first, second] = judge(orderOf({ quantity: 3, shipped: 2, returnable: 2 }), [told('a', 2), told('b', 1)]);
    expect(first).toMatchObject({ units: [{ quantity: 2, unshipped: 1 }], opens: [{ quantity: 1 }] });
    expect(second).toMatchObject({ units: [{ quantity: 1, unshipped: 0 }], opens: [{ quantity: 1 }] });
  });

  it('are counted once as not having left, and again when the refund that named them failed', () => {
    const order = orderOf({ quantity: 3, shipped: 2, returnable: 2 });
    const lines = [{ orderLineId: lineIds[0], quantity: 1, unshipped: 1 }];
    expect(opened(judge(order, [told('b', 1)], { known: [known({ lines })] })[0])).toEqual([1]);
    expect(opened(judge(order, [told('b', 1)], { known: [known({ lines, state: 'failed' })] })[0])).toEqual([]);
  });

  it('on lines that the order does not have, or none at all, are money alone', () => {
    const order = orderOf({ quantity: 1, shipped: 1, returnable: 1 });
    expect(judge(order, [told('a', 0, 5), told('b')])).toMatchObject([
      { returnId: null, opens: [] },
      { returnId: null, opens: [] },
    ]);
  });
});

describe('a refund joins', () => {
  const order = orderOf({ quantity: 4, shipped: 4, returnable: 2 }, { quantity: 1, shipped: 1, returnable: 1 });
  const returnId = newId<'return'>();
  const standing = [{ returnId, lines: [{ orderLineId: lineIds[0], quantity: 2 }] }];

  it('a return only when all its units are covered there and not paid back yet', () => {
    const [both, joins] = judge(order, [told('a', 1, 1), told('b', 2)], { returns: standing });
    expect(both?.returnId).not.toBe(returnId);
    expect(opened(both)).toEqual([1, 1]);
    expect(joins).toMatchObject({ returnId, opens: [] });
    const lines = [{ orderLineId: lineIds[0], quantity: 1, unshipped: 0 }];
    const [late] = judge(order, [told('b', 2)], { returns: standing, known: [known({ returnId, lines })] });
    expect(late?.returnId).not.toBe(returnId);
  });
});

describe('any refunds of any order', () => {
  const anyLine = fc
    .record({ quantity: fc.integer({ min: 1, max: 9 }), shipped: fc.nat(9), inReturns: fc.nat(9) })
    .map(({ quantity, shipped, inReturns }) => {
      const left = Math.min(quantity, shipped);
      return { quantity, shipped: left, returnable: left - Math.min(left, inReturns) };
    });
  const anyRefunds = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 6 });

  it('open no more than may come back, and never a unit that has not left', () => {
    fc.assert(
      fc.property(fc.tuple(anyLine, anyLine), anyRefunds, (lines, refunds) => {
        const judged = judge(
          orderOf(...lines),
          refunds.map((quantities, index) => told(`r${index}`, ...quantities)),
        );
        lines.forEach((line, index) => {
          const of = (units: readonly { orderLineId: OrderLineId; quantity: number }[]): number =>
            units.filter((each) => each.orderLineId === lineIds[index]).reduce((sum, each) => sum + each.quantity, 0);
          const asked = refunds.reduce((sum, quantities) => sum + (quantities[index] ?? 0), 0);
          const back = judged.reduce((sum, { opens }) => sum + of(opens), 0);
          const atHome = line.quantity - line.shipped;
          expect(back).toBe(Math.min(line.returnable, Math.max(0, asked - atHome)));
        });
      }),
      { numRuns: 1_000 },
    );
  });
});
