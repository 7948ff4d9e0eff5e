import {
  ChannelFault,
  type ChannelOrder,
  type ChannelPackage,
  type ChannelPayment,
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

const funders: Readonly<Record<string, 'seller' | 'platform'>> = { seller: 'seller', platform: 'platform' };

const riskHolds: Readonly<Record<string, ChannelOrder['holds']>> = { none: [], review: ['fraud'] };

export const toPaymentState = table('payment_status', paymentStates);
export const toPaymentRowState = table('payments.status', paymentRowStates);
export const toPackageState = table('fulfilments.status', packageStates);
export const toFunder = table('discounts.funded_by', funders);
export const toHolds = table('risk', riskHolds);

function table<Ours>(field: string, words: Readonly<Record<string, Ours>>): (raw: string) => Ours {
  return (raw) => {
    const ours = Object.hasOwn(words, raw) ? words[raw] : undefined;
    if (ours === undefined) throw new ChannelFault({ kind: 'unknown_code', field, raw });
    return ours;
  };
}
