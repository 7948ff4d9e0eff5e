import { ChannelFault, parseLossless, type ChannelOrder, type ChannelPayment } from '../../src/connector-kit/index.ts';
import { fromOrderState } from './codes.ts';
import { readWire } from './client.ts';
import { compareIds } from './ids.ts';
import { amountsOf } from './order-amounts.ts';
import { toShipping } from './order-charges.ts';
import { soldUnits, toOrderLine } from './order-lines.ts';
import { toPackages, unitsIn } from './order-packages.ts';
import { paymentStateOf, toPayments, toRefunds } from './order-payments.ts';
import { toReceiver } from './order-receiver.ts';
import { wireOrder, type WireOrder } from './wire.ts';

/**
 * One stored order in our words. Amounts are taken with tax, whichever basis the channel's prices have, because Vendure
 * rounds both and only the sums with tax are what the buyer paid: Σ proratedLinePriceWithTax + shippingWithTax = totalWithTax.
 */
export function toChannelOrder(body: string): ChannelOrder {
  const order = inIdOrder(readWire(wireOrder, parseLossless(body)));
  const { isEnded, isCancelled, isBeingEdited } = fromOrderState(order.state);
  const packages = toPackages(order);
  const payments = toPayments(order);
  const refunds = toRefunds(order);
  const paymentState = paymentStateOf(order, payments);
  return {
    externalId: order.id,
    number: order.code,
    version: null,
    placedAt: order.orderPlacedAt ?? order.createdAt,
    updatedAt: order.updatedAt,
    currency: order.currencyCode,
    presentment: null,
    pricesIncludeTax: true,
    chargedTotal: null,
    ...amountsOf(order, payments),
    lines: order.lines.map((line) => toOrderLine(order, line, unitsIn(packages, line.id))),
    shipping: toShipping(order),
    payments,
    paymentState,
    paidAt: paymentState === 'paid' ? latest(payments.map((payment) => payment.paidAt)) : null,
    refunds,
    returns: [],
    packages,
    ...cancelFacts(order, isCancelled),
    isClosed: isEnded && !(isCancelled && owesRefund(payments, refunds)),
    receiver: toReceiver(order),
    buyerNote: null,
    shipBy: null,
    shippingService: order.shippingLines[0]?.shippingMethod.code ?? null,
    holds: isBeingEdited ? ['approval'] : [],
    partOfExternalId: null,
  };
}

/**
 * Vendure gives the parts of an order in any order, another one after an edit. A line that the merchant added and took away
 * again has no units left and was never sold.
 */
function inIdOrder(order: WireOrder): WireOrder {
  const byId = (a: { readonly id: string }, b: { readonly id: string }): number => compareIds(a.id, b.id);
  const lines = order.lines.filter((line) => soldUnits(line) > 0).toSorted(byId);
  if (lines.length === 0) throw new ChannelFault({ kind: 'rejected', code: 'no_lines', detail: `order ${order.id}` });
  return {
    ...order,
    lines,
    shippingLines: order.shippingLines.toSorted(byId),
    surcharges: order.surcharges.toSorted(byId),
    payments: (order.payments ?? []).toSorted(byId),
    fulfillments: (order.fulfillments ?? []).toSorted(byId),
  };
}

function cancelFacts(order: WireOrder, isCancelled: boolean): Pick<ChannelOrder, 'cancelledAt' | 'cancelReason'> {
  const entry = order.history.items.findLast(({ type }) => type === 'ORDER_CANCELLATION');
  const reason = entry?.data['reason'];
  return {
    cancelledAt: isCancelled ? (entry?.createdAt ?? order.updatedAt) : null,
    cancelReason: typeof reason === 'string' && reason !== '' ? reason : null,
  };
}

/** A cancel refunds nothing by itself: the refund comes later and does not move the change clock, so it is read for. */
function owesRefund(payments: readonly ChannelPayment[], refunds: ChannelOrder['refunds']): boolean {
  const paid = payments.filter((payment) => payment.state === 'paid').reduce((sum, row) => sum + row.amountMinor, 0);
  const back = refunds.filter((refund) => refund.state === 'settled').reduce((sum, row) => sum + row.amountMinor, 0);
  return back < paid;
}

function latest(times: readonly (string | null)[]): string | null {
  const known = times.filter((time) => time !== null);
  return known.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null;
}
