import { ChannelFault, markReason, readRequestId, type RefundCommand } from '../../src/connector-kit/index.ts';
import { mutateVendure, type VendureIo } from './client.ts';
import { fromPaymentState, fromRefundState } from './codes.ts';
import { refundOrderDocument, settleRefundDocument } from './documents.ts';
import { readOrder } from './read-order.ts';
import { wireMade, type WireOrder, type WirePayment } from './wire.ts';

/** Makes the refund once, known by our request id in its reason, and settles it: Vendure leaves it Pending. */
export async function refundOrder(io: VendureIo, command: RefundCommand): Promise<{ externalId: string }> {
  const order = await readOrder(io, command.orderExternalId);
  const refund = findOwn(order, command.requestId) ?? (await makeRefund(io, order, command));
  if (refund.state === 'Pending') {
    const input = { id: refund.id, transactionId: command.requestId };
    await mutateVendure(io, { document: settleRefundDocument, variables: { input } }, 'settleRefund', wireMade);
  }
  return { externalId: refund.id };
}

function findOwn(order: WireOrder, requestId: string): { id: string; state: string } | null {
  const refunds = (order.payments ?? []).flatMap((payment) => payment.refunds);
  return (
    refunds.find(
      (refund) => readRequestId(refund.reason).requestId === requestId && fromRefundState(refund.state) !== 'failed',
    ) ?? null
  );
}

async function makeRefund(
  io: VendureIo,
  order: WireOrder,
  command: RefundCommand,
): Promise<{ id: string; state?: string | undefined }> {
  if (command.currency !== order.currencyCode) {
    throw new ChannelFault({
      kind: 'rejected',
      code: 'currency_mismatch',
      detail: `the order is in ${order.currencyCode}`,
    });
  }
  const payment = (order.payments ?? []).find((candidate) => refundable(candidate) >= command.amountMinor);
  if (payment === undefined) {
    const detail = `no payment of the order has ${command.amountMinor} left to refund`;
    throw new ChannelFault({ kind: 'rejected', code: 'refund_exceeds_payment', detail });
  }
  // `amount` alone fails with a raw SQL error (3.7.3): the three deprecated fields are still NOT NULL columns.
  const input = {
    paymentId: payment.id,
    amount: command.amountMinor,
    shipping: 0,
    adjustment: 0,
    lines: command.lines.map(({ lineExternalId, quantity }) => ({ orderLineId: lineExternalId, quantity })),
    reason: markReason(command.reason, command.requestId),
  };
  return mutateVendure(io, { document: refundOrderDocument, variables: { input } }, 'refundOrder', wireMade);
}

function refundable(payment: WirePayment): number {
  if (fromPaymentState(payment.state) !== 'paid') return 0;
  const refunded = payment.refunds
    .filter((refund) => fromRefundState(refund.state) !== 'failed')
    .reduce((sum, refund) => sum + refund.total, 0);
  return payment.amount - refunded;
}
