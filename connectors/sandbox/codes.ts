import {
  codeTable,
  type ChannelOrder,
  type ChannelPackage,
  type ChannelPayment,
  type ChannelReturn,
} from '../../src/connector-kit/index.ts';

/** The vendor's words and ours. A word that is not here is a fault that carries it. */

const paymentStates: Readonly<Record<string, ChannelOrder['paymentState']>> = {
  pending: 'unpaid',
  paid: 'paid',
  partially_refunded: 'paid',
  refunded: 'paid',
};

const paymentRowStates: Readonly<Record<string, ChannelPayment['state']>> = { pending: 'pending', paid: 'paid' };

const packageStates: Readonly<Record<string, ChannelPackage['state']>> = { shipped: 'shipped', delivered: 'delivered' };

const returnStates: Readonly<Record<string, ChannelReturn['state']>> = {
  asked: 'requested',
  arrived: 'received',
  cancelled: 'cancelled',
};

const funders: Readonly<Record<string, 'seller' | 'platform'>> = { seller: 'seller', platform: 'platform' };

const riskHolds: Readonly<Record<string, ChannelOrder['holds']>> = { none: [], review: ['fraud'] };

export const toPaymentState = codeTable('payment_status', paymentStates);
export const toPaymentRowState = codeTable('payments.status', paymentRowStates);
export const toPackageState = codeTable('fulfilments.status', packageStates);
export const toReturnState = codeTable('returns.status', returnStates);
export const toFunder = codeTable('discounts.funded_by', funders);
export const toHolds = codeTable('risk', riskHolds);
