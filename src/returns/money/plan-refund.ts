import { cumulativeShare, minorUnits, type OrderLineId } from '../../kernel/index.ts';
import type { LineUnits } from '../events.ts';
import type { ChargedLine, ChargeValues } from './charge-values.ts';

export type RefundPlan = { readonly amountMinor: number; readonly shippingMinor: number };

type Input = {
  readonly values: ChargeValues;
  readonly lines: readonly Pick<ChargedLine, 'orderLineId' | 'quantity'>[];
  /** Units of each line that refunds pay back already. */
  readonly refunded: ReadonlyMap<OrderLineId, number>;
  /** Shipping that is paid back already, in minor units. */
  readonly shippingRefundedMinor: number;
  /** Each order line once. */
  readonly units: readonly LineUnits[];
  readonly includesShipping: boolean;
};

/**
 * What paying back these units means: for each line the difference of the cumulative share before and after them (DESIGN
 * §4), so that any sequence of refunds that covers a line sums to what was charged for it. Shipping is paid back once.
 */
export function planRefund(input: Input): RefundPlan {
  const quantities = new Map(input.lines.map((line) => [line.orderLineId, line.quantity]));
  const goodsMinor = input.units.reduce((total, { orderLineId, quantity }) => {
    const whole = quantities.get(orderLineId) ?? 0;
    const before = input.refunded.get(orderLineId) ?? 0;
    const upTo = (units: number): number =>
      whole === 0 ? 0 : cumulativeShare(input.values.lines.get(orderLineId) ?? 0, Math.min(units, whole), whole);
    return minorUnits(total + upTo(before + quantity) - upTo(before));
  }, 0);
  const shippingMinor = input.includesShipping
    ? Math.max(0, input.values.shippingMinor - input.shippingRefundedMinor)
    : 0;
  return { amountMinor: minorUnits(goodsMinor + shippingMinor), shippingMinor };
}
