import { codeTable, type ChannelOrder, type ChannelPackage } from '../../src/connector-kit/index.ts';

/** The vendor's words and ours. A word that is not here is a fault that carries it, and the order waits for a person. */

const isClosed: Readonly<Record<string, boolean>> = { open: false, cancelled: false, archived: true };

const paymentStates: Readonly<Record<string, ChannelOrder['paymentState']>> = { awaiting: 'unpaid', paid: 'paid' };

const packageStates: Readonly<Record<string, ChannelPackage['state']>> = { shipped: 'shipped', delivered: 'delivered' };

export const fromStatus = codeTable('status', isClosed);
export const fromPaymentStatus = codeTable('payment_status', paymentStates);
export const fromPackageStatus = codeTable('packages.status', packageStates);
