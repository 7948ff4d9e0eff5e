import type { ChannelDiscount, ChannelOrder, ChannelPayment } from '../../src/connector-kit/index.ts';
import { chargeDiscounts, isShippingCancelled, toShipping } from './order-charges.ts';
import { lineDiscounts, soldUnits, toDiscount, toOrderLine } from './order-lines.ts';
import type { WireOrder } from './wire.ts';

type Amounts = Pick<ChannelOrder, 'totalMinor' | 'discounts' | 'amountsAreReduced'>;

/**
 * A cancel takes the units out of every amount and the coupon with them. What was first sold is then best told by what was
 * paid; the part of it that the rows left do not explain is the discount that Vendure has forgotten.
 */
export function amountsOf(order: WireOrder, payments: readonly ChannelPayment[]): Amounts {
  const discounts = [...order.lines.flatMap((line) => lineDiscounts(order, line)), ...chargeDiscounts(order)];
  const isReduced =
    order.lines.some((line) => line.quantity < soldUnits(line)) || order.shippingLines.some(isShippingCancelled);
  if (!isReduced) return { totalMinor: order.totalWithTax, discounts, amountsAreReduced: false };
  const sold = [...order.lines.map((line) => toOrderLine(order, line, 0)), ...toShipping(order)];
  const computed = sum(sold) - sum(discounts);
  const paid = sum(payments.filter((payment) => payment.state !== 'failed' && payment.state !== 'pending'));
  const totalMinor = paid > 0 ? paid : computed;
  return { totalMinor, discounts: withForgotten(order, discounts, computed - totalMinor), amountsAreReduced: true };
}

/** `missing` of up to a unit a line is the rounding of discounts that were scaled up, and goes into one of them. */
function withForgotten(order: WireOrder, discounts: ChannelDiscount[], missing: number): ChannelDiscount[] {
  const [largest, ...others] = discounts.toSorted((a, b) => b.amountMinor - a.amountMinor);
  if (largest !== undefined && Math.abs(missing) <= order.lines.length) {
    return [{ ...largest, amountMinor: largest.amountMinor + missing }, ...others];
  }
  const [promotion] = order.lines.flatMap((line) => line.discounts);
  if (missing <= 0 || promotion === undefined) return discounts;
  return [...discounts, toDiscount(order, promotion, missing, null)];
}

function sum(rows: readonly { readonly amountMinor: number }[]): number {
  return rows.reduce((total, row) => total + row.amountMinor, 0);
}
