import { minorUnits } from '../../kernel/index.ts';
import type { OrderMoney, SoldOrder } from '../../orders/index.ts';

/**
 * The order's total equation (DESIGN §4), in minor units: total = lines + shipping + (tax only where prices exclude it)
 * − discounts + residual. The channel's total is the truth; what our sum lacks is the residual. The receivable is what the
 * seller gets: the total and what the platform funded. Throws Fault `money.unsafe` beyond 2^53.
 */
export function moneyOf(order: SoldOrder): OrderMoney {
  const linesMinor = sum(
    'lines',
    order.lines.map((line) => line.amountMinor),
  );
  const shippingMinor = sum(
    'shipping',
    order.shipping.map((line) => line.amountMinor),
  );
  const taxMinor = sum(
    'taxes',
    [...order.lines, ...order.shipping].flatMap((line) => line.taxes.map((tax) => tax.amountMinor)),
  );
  const discountMinor = sum(
    'discounts',
    order.discounts.map((discount) => discount.amountMinor),
  );
  const funded = order.discounts.filter((discount) => discount.fundedBy === 'platform');
  const added = sum('total', [linesMinor, shippingMinor, order.pricesIncludeTax ? 0 : taxMinor, -discountMinor]);
  return {
    linesMinor,
    shippingMinor,
    taxMinor,
    discountMinor,
    residualMinor: minorUnits(order.totalMinor - added, 'residual'),
    totalMinor: minorUnits(order.totalMinor, 'total'),
    chargedTotal: order.chargedTotal,
    receivableMinor: sum('receivable', [order.totalMinor, ...funded.map((discount) => discount.amountMinor)]),
  };
}

/** What the buyer has paid. A channel that tells the state but no payments means the whole total. */
export function buyerPaidMinor(order: SoldOrder): number {
  if (order.payments.length === 0) return order.paymentState === 'paid' ? order.totalMinor : 0;
  return sum(
    'payments',
    order.payments.filter((payment) => payment.state === 'paid').map((payment) => payment.amountMinor),
  );
}

/** Cumulative: every refund that has not failed. */
export function refundedMinor(order: SoldOrder): number {
  return sum(
    'refunds',
    order.refunds.filter((refund) => refund.state !== 'failed').map((refund) => refund.amountMinor),
  );
}

function sum(path: string, amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => minorUnits(total + amount, path), 0);
}
