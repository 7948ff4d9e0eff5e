import { ChannelFault, markReason, readRequestId, type RefundCommand } from '../../src/connector-kit/index.ts';
import {
  formatDecimal,
  money,
  moneyToDecimal,
  parseDecimal,
  subtractDecimal,
  type Decimal,
} from '../../src/kernel/index.ts';
import { postMedusa, type MedusaIo } from './client.ts';
import { capturedOf, paymentsOf } from './order-payments.ts';
import { readOrder } from './read-order.ts';
import { roundSum, sumDecimals } from './round-together.ts';
import { wireRefunded, type WireOrder, type WirePayment } from './wire.ts';

/** Makes the refund once, known by our request id in its note: Medusa has no idempotency keys. */
export async function refundOrder(io: MedusaIo, command: RefundCommand): Promise<{ externalId: string }> {
  const order = await readOrder(io, command.orderExternalId);
  const made = findOwn(
    paymentsOf(order).flatMap((payment) => payment.refunds ?? []),
    command.requestId,
  );
  return { externalId: made ?? (await makeRefund(io, order, command)) };
}

function findOwn(
  refunds: readonly { readonly id: string; readonly note?: string | null | undefined }[],
  requestId: string,
): string | null {
  return refunds.find((refund) => readRequestId(refund.note ?? null).requestId === requestId)?.id ?? null;
}

async function makeRefund(io: MedusaIo, order: WireOrder, command: RefundCommand): Promise<string> {
  const currency = order.currency_code.toUpperCase();
  if (command.currency !== currency) {
    throw new ChannelFault({ kind: 'rejected', code: 'currency_mismatch', detail: `the order is in ${currency}` });
  }
  const payment = paymentsOf(order).find((row) => roundSum([leftOf(row)], currency) >= command.amountMinor);
  if (payment === undefined) {
    const detail = `no payment of the order has ${command.amountMinor} left to refund`;
    throw new ChannelFault({ kind: 'rejected', code: 'refund_exceeds_payment', detail });
  }
  const body = { amount: amountToSend(payment, command), note: markReason(command.reason, command.requestId) };
  const path = `/payments/${encodeURIComponent(payment.id)}/refund`;
  const { payment: after } = await postMedusa(io, path, body, wireRefunded);
  const made = findOwn(after.refunds, command.requestId);
  if (made === null) throw new ChannelFault({ kind: 'outcome_unknown' }, 'outcome unknown: the refund is not shown');
  return made;
}

/** Captured and not yet paid back. */
function leftOf(payment: WirePayment): Decimal {
  const refunded = (payment.refunds ?? []).map((refund) => parseDecimal(refund.raw_amount));
  return subtractDecimal(sumDecimals(capturedOf(payment)), sumDecimals(refunded));
}

/** All that is left goes back with every decimal that was charged (92.86522), any other amount in whole minor units. */
function amountToSend(payment: WirePayment, { amountMinor, currency }: RefundCommand): number {
  const left = leftOf(payment);
  const isRest = roundSum([left], currency) === amountMinor;
  return Number(isRest ? formatDecimal(left) : moneyToDecimal(money(amountMinor, currency)));
}
