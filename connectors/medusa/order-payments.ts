import {
  readRequestId,
  type ChannelOrder,
  type ChannelPayment,
  type ChannelRefund,
} from '../../src/connector-kit/index.ts';
import { parseDecimal, type Decimal } from '../../src/kernel/index.ts';
import { byId } from './order-lines.ts';
import { roundInTurn, roundSum, sumDecimals } from './round-together.ts';
import type { WireOrder, WirePayment } from './wire.ts';

/** The `reference` of the credit lines that Medusa itself writes for a refund; any other is money the buyer had with the shop. */
const refundReference = 'payment_collection';

export function paymentsOf(order: WireOrder): WirePayment[] {
  return (order.payment_collections ?? []).flatMap((collection) => collection.payments ?? []).toSorted(byId);
}

/** What was captured is paid; a payment without a capture is a promise. Store credit is a payment of its own. */
export function toPayments(order: WireOrder, currency: string): ChannelPayment[] {
  const payments = paymentsOf(order);
  const amounts = new Map(
    (['paid', 'authorised', 'cancelled'] as const).flatMap((state) => {
      const alike = payments.filter((payment) => stateOf(payment) === state);
      const minor = roundInTurn(alike.map(amountOf), currency);
      return alike.map((payment, index) => [payment.id, minor[index] ?? 0] as const);
    }),
  );
  const rows = payments.map((payment): ChannelPayment => {
    const state = stateOf(payment);
    const capturedAt = payment.captured_at ?? payment.captures?.at(-1)?.created_at ?? null;
    return {
      externalId: payment.id,
      method: payment.provider_id,
      state,
      amountMinor: amounts.get(payment.id) ?? 0,
      paidAt: state === 'paid' ? capturedAt : null,
    };
  });
  return [...rows, ...storeCredit(order, currency)];
}

function storeCredit(order: WireOrder, currency: string): ChannelPayment[] {
  return (order.credit_lines ?? [])
    .filter((line) => line.reference !== refundReference)
    .map((line) => ({
      externalId: line.id,
      method: line.reference ?? 'store_credit',
      state: 'paid',
      amountMinor: roundSum([parseDecimal(line.raw_amount)], currency),
      paidAt: line.created_at,
    }));
}

export function capturedOf(payment: WirePayment): Decimal[] {
  return (payment.captures ?? []).map((capture) => parseDecimal(capture.raw_amount));
}

function amountOf(payment: WirePayment): Decimal {
  const captures = capturedOf(payment);
  return captures.length === 0 ? parseDecimal(payment.raw_amount) : sumDecimals(captures);
}

function stateOf(payment: WirePayment): 'paid' | 'authorised' | 'cancelled' {
  if ((payment.captures ?? []).length > 0) return 'paid';
  return payment.canceled_at ? 'cancelled' : 'authorised';
}

/** Each refund is what it adds to the rounded sum of its payment's refunds, so that they end at what was captured. */
export function toRefunds(order: WireOrder, currency: string): ChannelRefund[] {
  return paymentsOf(order).flatMap((payment) => {
    const refunds = (payment.refunds ?? []).toSorted(byId);
    const amounts = roundInTurn(
      refunds.map((refund) => parseDecimal(refund.raw_amount)),
      currency,
    );
    return refunds.map((refund, index): ChannelRefund => ({
      externalId: refund.id,
      paymentExternalId: payment.id,
      state: 'settled',
      amountMinor: amounts[index] ?? 0,
      reason: readRequestId(refund.note ?? null).text,
      at: refund.created_at,
      lines: [],
    }));
  });
}

/** Compared with what the order costs now: an edit by the merchant may have made it dearer or cheaper. */
export function paymentStateOf(
  payments: readonly ChannelPayment[],
  dueMinor: number,
  isCancelled: boolean,
): ChannelOrder['paymentState'] {
  const sum = (state: ChannelPayment['state']): number =>
    payments.filter((payment) => payment.state === state).reduce((total, payment) => total + payment.amountMinor, 0);
  const paid = sum('paid');
  if (isCancelled) return paid > 0 ? 'paid' : 'unpaid';
  if (paid >= dueMinor) return 'paid';
  return paid + sum('authorised') >= dueMinor ? 'authorised' : 'unpaid';
}
