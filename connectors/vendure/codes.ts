import {
  ChannelFault,
  type ChannelPackage,
  type ChannelPayment,
  type ChannelRefund,
} from '../../src/connector-kit/index.ts';

/**
 * Vendure's states in our words (its default processes, 3.7.3). A shop may add its own states: those are a fault with the
 * raw value, so that nobody guesses whether goods may leave.
 */

type OrderMeaning = {
  /** No goods move any more. */
  readonly isEnded: boolean;
  readonly isCancelled: boolean;
  /** The merchant is editing it; Vendure takes no fulfilment meanwhile. */
  readonly isBeingEdited: boolean;
};

const open: OrderMeaning = { isEnded: false, isCancelled: false, isBeingEdited: false };

const orderStates: Readonly<Record<string, OrderMeaning>> = {
  ArrangingPayment: open,
  PaymentAuthorized: open,
  PaymentSettled: open,
  PartiallyShipped: open,
  Shipped: open,
  PartiallyDelivered: open,
  ArrangingAdditionalPayment: open,
  Modifying: { ...open, isBeingEdited: true },
  Delivered: { ...open, isEnded: true },
  Cancelled: { ...open, isEnded: true, isCancelled: true },
};

const paymentStates: Readonly<Record<string, ChannelPayment['state']>> = {
  Created: 'pending',
  Authorized: 'authorised',
  Settled: 'paid',
  Declined: 'failed',
  Error: 'failed',
  Cancelled: 'cancelled',
};

const refundStates: Readonly<Record<string, ChannelRefund['state']>> = {
  Pending: 'pending',
  Settled: 'settled',
  Failed: 'failed',
};

const fulfilmentStates: Readonly<Record<string, ChannelPackage['state']>> = {
  Created: 'pending',
  Pending: 'pending',
  Shipped: 'shipped',
  Delivered: 'delivered',
  Cancelled: 'cancelled',
};

export const fromOrderState = (raw: string): OrderMeaning => look(orderStates, 'order.state', raw);
export const fromPaymentState = (raw: string): ChannelPayment['state'] => look(paymentStates, 'payment.state', raw);
export const fromRefundState = (raw: string): ChannelRefund['state'] => look(refundStates, 'refund.state', raw);
export const fromFulfilmentState = (raw: string): ChannelPackage['state'] =>
  look(fulfilmentStates, 'fulfillment.state', raw);

function look<Meaning>(table: Readonly<Record<string, Meaning>>, field: string, raw: string): Meaning {
  const meaning = Object.hasOwn(table, raw) ? table[raw] : undefined;
  if (meaning === undefined) throw new ChannelFault({ kind: 'unknown_code', field, raw });
  return meaning;
}
