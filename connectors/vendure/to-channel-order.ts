import {
  ChannelFault,
  parseLossless,
  type ChannelDiscount,
  type ChannelOrder,
  type ChannelPackage,
  type ChannelPayment,
} from '../../src/connector-kit/index.ts';
import { fromFulfilmentState, fromOrderState } from './codes.ts';
import { readWire } from './client.ts';
import { compareIds } from './ids.ts';
import { chargeDiscounts, isShippingCancelled, toShipping } from './order-charges.ts';
import { lineDiscounts, soldUnits, toDiscount, toOrderLine } from './order-lines.ts';
import { paymentStateOf, toPayments, toRefunds } from './order-payments.ts';
import { toReceiver } from './order-receiver.ts';
import { wireOrder, type WireOrder } from './wire.ts';

/**
 * One stored order in our words. Amounts are taken with tax, whichever basis the channel's prices have, because Vendure
 * rounds both and only the sums with tax are what the buyer paid: Σ proratedLinePriceWithTax + shippingWithTax = totalWithTax.
 */
export function toChannelOrder(body: string): ChannelOrder {
  const order = readWire(wireOrder, parseLossless(body));
  const meaning = fromOrderState(order.state);
  const packages = toPackages(order);
  const payments = toPayments(order);
  const refunds = toRefunds(order);
  const lines = order.lines
    .filter((line) => soldUnits(line) > 0)
    .toSorted((a, b) => compareIds(a.id, b.id));
  const paymentState = paymentStateOf(order, payments);
  const cancel = order.history.items.findLast((entry) => entry.type === 'ORDER_CANCELLATION');
  const reason = cancel?.data['reason'];
  if (lines.length === 0) throw new ChannelFault({ kind: 'rejected', code: 'no_lines', detail: `order ${order.id}` });
  return {
    externalId: order.id,
    number: order.code,
    version: null,
    placedAt: order.orderPlacedAt ?? order.createdAt,
    updatedAt: order.updatedAt,
    currency: order.currencyCode,
    presentment: null,
    pricesIncludeTax: true,
    ...amountsOf(order, payments),
    lines: lines.map((line) => toOrderLine(order, line, unitsIn(packages, line.id))),
    shipping: toShipping(order),
    payments,
    paymentState,
    paidAt: paymentState === 'paid' ? latest(payments.map((payment) => payment.paidAt)) : null,
    refunds,
    packages,
    cancelledAt: meaning.isCancelled ? (cancel?.createdAt ?? order.updatedAt) : null,
    cancelReason: typeof reason === 'string' && reason !== '' ? reason : null,
    isClosed: meaning.isEnded && !owesRefund(meaning.isCancelled, payments, refunds),
    receiver: toReceiver(order),
    buyerNote: null,
    shipBy: null,
    shippingService: order.shippingLines[0]?.shippingMethod.code ?? null,
    holds: meaning.isBeingEdited ? ['approval'] : [],
    partOfExternalId: null,
  };
}

type Amounts = Pick<ChannelOrder, 'totalMinor' | 'discounts' | 'amountsAreReduced'>;

/**
 * A cancel takes the units out of every amount and the coupon with them. What was first sold is then best told by what was
 * paid; the part of it that the rows left do not explain is the discount that Vendure has forgotten.
 */
function amountsOf(order: WireOrder, payments: readonly ChannelPayment[]): Amounts {
  const discounts = [...order.lines.flatMap((line) => lineDiscounts(order, line)), ...chargeDiscounts(order)];
  const isReduced =
    order.lines.some((line) => line.quantity < soldUnits(line)) || order.shippingLines.some(isShippingCancelled);
  if (!isReduced) return { totalMinor: order.totalWithTax, discounts, amountsAreReduced: false };
  const sold = [
    ...order.lines.map((line) => toOrderLine(order, line, 0)),
    ...toShipping(order),
  ].reduce((sum, row) => sum + row.amountMinor, 0);
  const computed = sold - discounts.reduce((sum, discount) => sum + discount.amountMinor, 0);
  const paid = payments
    .filter((payment) => payment.state !== 'failed' && payment.state !== 'pending')
    .reduce((sum, payment) => sum + payment.amountMinor, 0);
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

function toPackages(order: WireOrder): ChannelPackage[] {
  return (order.fulfillments ?? [])
    .map((fulfilment) => ({
      externalId: fulfilment.id,
      trackingNumber: fulfilment.trackingCode === '' ? null : fulfilment.trackingCode,
      carrier: fulfilment.method === '' ? null : fulfilment.method,
      state: fromFulfilmentState(fulfilment.state),
      lines: fulfilment.lines.map(({ orderLineId, quantity }) => ({ lineExternalId: orderLineId, quantity })),
    }))
    .toSorted((a, b) => compareIds(a.externalId, b.externalId));
}

/** Vendure takes a fulfilment's units out of the allocation as soon as it is made, before it is shipped. */
function unitsIn(packages: readonly ChannelPackage[], lineId: string): number {
  return packages
    .filter((parcel) => parcel.state !== 'cancelled')
    .flatMap((parcel) => parcel.lines)
    .filter((line) => line.lineExternalId === lineId)
    .reduce((sum, line) => sum + line.quantity, 0);
}

/** A cancel refunds nothing by itself: the refund comes later and does not move the change clock, so it is read for. */
function owesRefund(
  isCancelled: boolean,
  payments: readonly ChannelPayment[],
  refunds: ChannelOrder['refunds'],
): boolean {
  if (!isCancelled) return false;
  const paid = payments.filter((payment) => payment.state === 'paid').reduce((sum, row) => sum + row.amountMinor, 0);
  const back = refunds.filter((refund) => refund.state === 'settled').reduce((sum, row) => sum + row.amountMinor, 0);
  return back < paid;
}

function latest(times: readonly (string | null)[]): string | null {
  const known = times.filter((time) => time !== null);
  return known.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null;
}
