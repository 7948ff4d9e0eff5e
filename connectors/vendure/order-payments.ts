import {
  readRequestId,
  type ChannelOrder,
  type ChannelPayment,
  type ChannelRefund,
} from '../../src/connector-kit/index.ts';
import { fromOrderState, fromPaymentState, fromRefundState } from './codes.ts';
import { compareIds } from './ids.ts';
import type { WireOrder, WirePayment } from './wire.ts';

export function toPayments(order: WireOrder): ChannelPayment[] {
  return (order.payments ?? []).map((payment) => {
    const state = fromPaymentState(payment.state);
    return {
      externalId: payment.id,
      method: payment.method,
      state,
      amountMinor: payment.amount,
      paidAt: state === 'paid' ? settledAt(order, payment) : null,
    };
  });
}

/** History names the payment by number, where every other id is text. */
function settledAt(order: WireOrder, payment: WirePayment): string {
  const entry = order.history.items.findLast(
    ({ type, data }) =>
      type === 'ORDER_PAYMENT_TRANSITION' && String(data['paymentId']) === payment.id && data['to'] === 'Settled',
  );
  return entry?.createdAt ?? payment.createdAt;
}

export function toRefunds(order: WireOrder): ChannelRefund[] {
  const refunds = (order.payments ?? []).flatMap((payment) =>
    payment.refunds.map((refund) => ({
      externalId: refund.id,
      paymentExternalId: payment.id,
      state: fromRefundState(refund.state),
      amountMinor: refund.total,
      reason: readRequestId(refund.reason).text,
      at: refund.createdAt,
      lines: refund.lines.map(({ orderLineId, quantity }) => ({ lineExternalId: orderLineId, quantity })),
    })),
  );
  return refunds.toSorted((a, b) => compareIds(a.externalId, b.externalId));
}

/** Compared with what is due now: Vendure lowers the total when units are cancelled. */
export function paymentStateOf(order: WireOrder, payments: readonly ChannelPayment[]): ChannelOrder['paymentState'] {
  const sum = (state: ChannelPayment['state']): number =>
    payments.filter((payment) => payment.state === state).reduce((total, payment) => total + payment.amountMinor, 0);
  const paid = sum('paid');
  const promised = paid + sum('authorised');
  const isFree = order.totalWithTax === 0 && !fromOrderState(order.state).isCancelled;
  if (isFree || (paid > 0 && paid >= order.totalWithTax)) return 'paid';
  return promised > 0 && promised >= order.totalWithTax ? 'authorised' : 'unpaid';
}
