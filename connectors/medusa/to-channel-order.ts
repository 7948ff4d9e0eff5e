import { ChannelFault, parseLossless, type ChannelOrder, type ChannelPayment } from '../../src/connector-kit/index.ts';
import { parseDecimal } from '../../src/kernel/index.ts';
import { readWire } from './client.ts';
import { fromOrderStatus } from './codes.ts';
import { amountsOf } from './order-amounts.ts';
import { byId, soldItems, toOrderLine, toShippingLine } from './order-lines.ts';
import { toPackages } from './order-packages.ts';
import { paymentStateOf, toPayments, toRefunds } from './order-payments.ts';
import { toReceiver } from './order-receiver.ts';
import { cameBack, toReturns } from './order-returns.ts';
import { roundSum } from './round-together.ts';
import { wireOrder, type WireOrder } from './wire.ts';

/** One stored order in our words. */
export function toChannelOrder(body: string): ChannelOrder {
  const order = readWire(wireOrder, parseLossless(body));
  const currency = order.currency_code.toUpperCase();
  const { isCancelled, isEnded, isWaiting } = fromOrderStatus(order.status);
  const items = soldItems(order);
  if (items.length === 0) throw new ChannelFault({ kind: 'rejected', code: 'no_lines', detail: `order ${order.id}` });
  const shipping = order.shipping_methods.toSorted(byId);
  const { chargedTotal, totalMinor, minorById, discounts } = amountsOf({ currency, items, shipping });
  const lines = items.map((item) => toOrderLine(order, item, minorById, isCancelled));
  const payments = toPayments(order, currency);
  const packages = toPackages(order);
  const paymentState = paymentStateOf(payments, dueMinor(order, currency), isCancelled);
  return {
    externalId: order.id,
    number: order.custom_display_id || String(order.display_id),
    version: null,
    placedAt: order.created_at,
    updatedAt: order.updated_at,
    currency,
    presentment: null,
    pricesIncludeTax: true,
    chargedTotal,
    totalMinor,
    lines,
    shipping: shipping.map((method) => toShippingLine(order, method, minorById)),
    discounts: [...discounts],
    payments,
    paymentState,
    paidAt: paymentState === 'paid' ? latest(payments.map((payment) => payment.paidAt)) : null,
    refunds: toRefunds(order, currency),
    returns: toReturns(order),
    packages,
    cancelledAt: isCancelled ? (order.canceled_at ?? order.updated_at) : null,
    cancelReason: null,
    isClosed: isClosed(isCancelled, isEnded || isAllOut(lines, packages), payments, paymentState),
    receiver: toReceiver(order),
    buyerNote: null,
    shipBy: null,
    shippingService: shipping[0]?.name ?? null,
    holds: isWaiting ? ['approval'] : [],
    partOfExternalId: null,
    amountsAreReduced: items.some(cameBack),
  };
}

/** What the order costs now, after the merchant's edits. */
function dueMinor(order: WireOrder, currency: string): number {
  const rows = [...order.items, ...order.shipping_methods];
  return roundSum(
    rows.map((row) => parseDecimal(row.raw_total)),
    currency,
  );
}

function isAllOut(lines: ChannelOrder['lines'], packages: ChannelOrder['packages']): boolean {
  const isFulfilled = lines.every((line) => line.fulfilledQuantity + line.cancelledQuantity >= line.quantity);
  return isFulfilled && packages.every((parcel) => parcel.state !== 'pending');
}

/** A capture is the one change that moves no clock: once none can come, the poll alone finds what changes. */
function isClosed(
  isCancelled: boolean,
  isDone: boolean,
  payments: readonly ChannelPayment[],
  paymentState: ChannelOrder['paymentState'],
): boolean {
  if (payments.some((payment) => payment.state === 'authorised')) return false;
  return isCancelled || (isDone && paymentState === 'paid');
}

function latest(times: readonly (string | null)[]): string | null {
  const known = times.filter((time) => time !== null);
  return known.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null;
}
