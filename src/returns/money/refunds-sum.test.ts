import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tellFigure } from '../../../test/support/figures.ts';
import { newId, type OrderLineId } from '../../kernel/index.ts';
import type { LineUnits } from '../events.ts';
import { chargeValues, type ChargedLine, type OrderCharges } from './charge-values.ts';
import { planRefund } from './plan-refund.ts';

const charged = (facts: Partial<ChargedLine> = {}): ChargedLine => ({
  orderLineId: newId<'order_line'>(),
  quantity: 1,
  amountMinor: 1_000,
  discountMinor: 0,
  taxMinor: 0,
  ...facts,
});

const orderOf = (lines: readonly ChargedLine[], facts: Partial<OrderCharges> = {}): OrderCharges => ({
  currency: 'EUR',
  pricesIncludeTax: true,
  totalMinor: lines.reduce((sum, line) => sum + line.amountMinor - line.discountMinor, 0),
  shippingMinor: 0,
  shippingTaxMinor: 0,
  looseDiscountsMinor: [],
  lines,
  ...facts,
});

const valuesOf = (order: OrderCharges): number[] => {
  const { lines, shippingMinor } = chargeValues(order);
  return [...lines.values(), shippingMinor];
};

describe('what a line was charged', () => {
  it('is net of its discounts, with tax where prices exclude it', () => {
    const line = charged({ amountMinor: 3_000, discountMinor: 300, taxMinor: 513 });
    expect(valuesOf(orderOf([line]))).toEqual([2_700, 0]);
    expect(valuesOf(orderOf([line], { pricesIncludeTax: false, totalMinor: 3_213 }))).toEqual([3_213, 0]);
  });

  it('bears its share of a discount of the whole order, which shipping bears only where lines cannot', () => {
    const lines = [charged({ amountMinor: 3_000 }), charged({ amountMinor: 1_000 })];
    const coupon = { looseDiscountsMinor: [400], shippingMinor: 490, totalMinor: 4_090 };
    expect(valuesOf(orderOf(lines, coupon))).toEqual([2_700, 900, 490]);
    const voucher = { looseDiscountsMinor: [4_200], shippingMinor: 490, totalMinor: 290 };
    expect(valuesOf(orderOf(lines, voucher))).toEqual([0, 0, 290]);
  });

  it('is not lessened by free shipping', () => {
    const free = { looseDiscountsMinor: [490], shippingMinor: 490, totalMinor: 1_000 };
    expect(valuesOf(orderOf([charged()], free))).toEqual([1_000, 0]);
  });

  it('carries its share of what the channel charged beyond its own sum', () => {
    expect(valuesOf(orderOf([charged({ amountMinor: 2_000 }), charged()], { totalMinor: 3_003 }))).toEqual([
      2_002, 1_001, 0,
    ]);
  });
});

type Step = { readonly units: readonly LineUnits[]; readonly includesShipping: boolean };

/** Amounts of refunds asked one after the other, each for its own units. */
function refundAll(order: OrderCharges, steps: readonly Step[]): number[] {
  const refunded = new Map<OrderLineId, number>();
  let shippingRefundedMinor = 0;
  return steps.map(({ units, includesShipping }) => {
    const values = chargeValues(order);
    const plan = planRefund({ values, lines: order.lines, refunded, shippingRefundedMinor, units, includesShipping });
    for (const { orderLineId, quantity } of units) {
      refunded.set(orderLineId, (refunded.get(orderLineId) ?? 0) + quantity);
    }
    shippingRefundedMinor += plan.shippingMinor;
    return plan.amountMinor;
  });
}

const amount = fc.integer({ min: 0, max: 1_000_000 });
const anyLine = fc
  .record({
    quantity: fc.integer({ min: 1, max: 12 }),
    amountMinor: amount,
    taxMinor: fc.integer({ min: 0, max: 50_000 }),
    off: fc.nat(100),
  })
  .map(({ off, ...line }) => charged({ ...line, discountMinor: Math.floor((line.amountMinor * off) / 100) }));

/** Any order that a channel may have charged: discounts by line and loose, either tax basis, a residual of its own. */
const anyOrder = fc
  .record({
    lines: fc.array(anyLine, { minLength: 1, maxLength: 5 }),
    pricesIncludeTax: fc.boolean(),
    shippingMinor: fc.integer({ min: 0, max: 5_000 }),
    shippingTaxMinor: fc.integer({ min: 0, max: 950 }),
    loose: fc.array(fc.nat(40), { maxLength: 3 }),
    residualMinor: fc.integer({ min: -3, max: 3 }),
  })
  .map(({ loose, residualMinor, ...order }): OrderCharges => {
    const goods = order.lines.reduce((sum, line) => sum + line.amountMinor - line.discountMinor, 0);
    const looseDiscountsMinor = loose.map((percent) => Math.floor((goods * percent) / 200));
    const tax = order.lines.reduce((sum, line) => sum + line.taxMinor, order.shippingTaxMinor);
    const added = goods + order.shippingMinor + (order.pricesIncludeTax ? 0 : tax);
    const off = looseDiscountsMinor.reduce((sum, each) => sum + each, 0);
    return { ...order, currency: 'EUR', looseDiscountsMinor, totalMinor: Math.max(0, added - off + residualMinor) };
  });

/** An order and its units one by one in some order, shipping among them, cut into refunds. */
const anySequence = anyOrder.chain((order) => {
  const units = order.lines.flatMap(({ orderLineId, quantity }) => Array.from({ length: quantity }, () => orderLineId));
  return fc.record({
    order: fc.constant(order),
    shuffled: fc.shuffledSubarray([...units, null], { minLength: units.length + 1 }),
    cuts: fc.array(fc.boolean(), { minLength: units.length + 1, maxLength: units.length + 1 }),
  });
});

function toSteps(shuffled: readonly (OrderLineId | null)[], cuts: readonly boolean[]): Step[] {
  const steps: { ids: OrderLineId[]; includesShipping: boolean }[] = [{ ids: [], includesShipping: false }];
  shuffled.forEach((id, index) => {
    const last = steps.at(-1);
    if (last === undefined) return;
    if (id === null) last.includesShipping = true;
    else last.ids.push(id);
    if (cuts[index] === true) steps.push({ ids: [], includesShipping: false });
  });
  return steps.map(({ ids, includesShipping }) => ({
    includesShipping,
    units: [...new Set(ids)].map((orderLineId) => ({
      orderLineId,
      quantity: ids.filter((id) => id === orderLineId).length,
    })),
  }));
}

describe('refunds that cover an order, in any number of parts and in any order', () => {
  it('sum to what was charged, never one below nothing, and each line to its own value', async () => {
    let cases = 0;
    fc.assert(
      fc.property(anySequence, ({ order, shuffled, cuts }) => {
        cases += 1;
        const values = chargeValues(order);
        expect(valuesOf(order).reduce((sum, value) => sum + value, 0)).toBe(order.totalMinor);
        const amounts = refundAll(order, toSteps(shuffled, cuts));
        expect(amounts.every((each) => each >= 0)).toBe(true);
        expect(amounts.reduce((sum, each) => sum + each, 0)).toBe(order.totalMinor);
        for (const line of order.lines) {
          const ofLine = shuffled.filter((id) => id === line.orderLineId);
          const single = refundAll(
            order,
            toSteps(
              ofLine,
              ofLine.map(() => true),
            ),
          );
          expect(single.reduce((sum, each) => sum + each, 0)).toBe(values.lines.get(line.orderLineId));
        }
      }),
      { numRuns: 1_000 },
    );
    await tellFigure('money: refunds that cover an order', `${cases} sequences, each sums to its order's total`);
  });

  it('do not where each part is rounded by itself, which this check would see', () => {
    const line = charged({ quantity: 3, amountMinor: 1_000 });
    const alone = refundAll(orderOf([line]), [
      { units: [{ orderLineId: line.orderLineId, quantity: 1 }], includesShipping: false },
    ]);
    expect((alone[0] ?? 0) * 3).not.toBe(1_000);
  });
});
