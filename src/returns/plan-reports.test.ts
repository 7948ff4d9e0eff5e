import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../kernel/index.ts';
import { judgeReports, type ReportedOrder, type ReportJudgement, type ToldReturn } from './plan-reports.ts';
import type { ReportState } from './return-states.ts';
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

const told = (quantities: readonly number[], state: ReportState = 'requested'): ToldReturn => ({
  externalId: newId(),
  state,
  reason: null,
  lines: quantities.map((quantity, index) => ({ line: `L${index}`, quantity })),
});

const judge = (
  order: ShippedOrder,
  reports: readonly ToldReturn[],
  more: Partial<ReportedOrder> = {},
): ReportJudgement[] => judgeReports({ order, told: reports, reports: [], returns: [], ...more });

const units = (lines: readonly { readonly quantity: number }[] = []): number[] => lines.map(({ quantity }) => quantity);

describe('a return that the channel reports', () => {
  it('opens what may still come back, and leaves out what left from elsewhere or is in another return', () => {
    const [first, second] = judge(orderOf({ quantity: 5, shipped: 3, returnable: 2 }), [told([4]), told([1])]);
    expect([units(first?.opens), units(first?.leftOut)]).toEqual([[2], [2]]);
    expect(second).toMatchObject({ returnId: null, opens: [], leftOut: [{ quantity: 1 }] });
  });

  it('joins a return that covers all that left from here, once for each of its units', () => {
    const order = orderOf({ quantity: 4, shipped: 3, returnable: 0 });
    const returnId = newId<'return'>();
    const returns = [{ returnId, lines: [{ orderLineId: lineIds[0], quantity: 3 }] }];
    const [whole] = judge(order, [told([4])], { returns });
    expect(whole).toMatchObject({ returnId, opens: [], leftOut: [{ quantity: 1 }] });
    const joined = judge(order, [told([2]), told([1]), told([1])], { returns });
    expect(joined.map((each) => each.returnId)).toEqual([returnId, returnId, null]);
    const reports = [{ returnId, lines: [{ line: 'L0', quantity: 2 }] }];
    expect(judge(order, [told([2])], { returns, reports })[0]?.returnId).toBeNull();
  });

  it('is nothing when it is cancelled before anybody saw it, or names lines that the order does not have', () => {
    const order = orderOf({ quantity: 1, shipped: 1, returnable: 1 });
    expect(judge(order, [told([1], 'cancelled'), told([0, 3])])).toMatchObject([
      { returnId: null, opens: [], leftOut: [] },
      { returnId: null, opens: [], leftOut: [] },
    ]);
  });

  it('opens no unit twice, and takes up or leaves out each that it names', () => {
    const anyLine = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.nat(9), fc.nat(9))
      .map(([quantity, most, inReturns]) => {
        const shipped = Math.min(quantity, most);
        return { quantity, shipped, returnable: shipped - Math.min(shipped, inReturns) };
      });
    const anyReports = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 6 });
    fc.assert(
      fc.property(fc.tuple(anyLine, anyLine), anyReports, (lines, reports) => {
        const judged = judge(
          orderOf(...lines),
          reports.map((quantities) => told(quantities)),
        );
        lines.forEach((line, index) => {
          const sum = (rows: ReportJudgement['opens']): number =>
            rows.filter((each) => each.orderLineId === lineIds[index]).reduce((all, each) => all + each.quantity, 0);
          const asked = reports.reduce((all, quantities) => all + (quantities[index] ?? 0), 0);
          const opened = judged.reduce((all, { opens }) => all + sum(opens), 0);
          const leftOut = judged.reduce((all, each) => all + sum(each.leftOut), 0);
          expect([opened, leftOut]).toEqual([Math.min(line.returnable, asked), asked - opened]);
        });
      }),
      { numRuns: 500 },
    );
  });
});
