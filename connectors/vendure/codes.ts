import {
  codeTable,
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

export const fromOrderState = codeTable('order.state', orderStates);
export const fromPaymentState = codeTable('payment.state', paymentStates);
export const fromRefundState = codeTable('refund.state', refundStates);
export const fromFulfilmentState = codeTable('fulfillment.state', fulfilmentStates);
