import type { ChannelReceiver } from '../../src/connector-kit/index.ts';
import type { WireOrder } from './wire.ts';

type Address = NonNullable<WireOrder['shippingAddress']>;

/** Null where nothing is sent anywhere: Vendure then shows an address whose fields are all null. */
export function toReceiver(order: WireOrder): ChannelReceiver | null {
  const address = order.shippingAddress;
  if (address === null || !isFilled(address)) return null;
  const { customer } = order;
  return {
    address: {
      name: address.fullName || fullName(customer),
      company: address.company ?? '',
      phone: address.phoneNumber || (customer?.phoneNumber ?? ''),
      email: customer?.emailAddress ?? '',
      ...placeOf(address),
    },
    sourcePolicy: 'plain',
    token: null,
    expiresAt: null,
  };
}

function isFilled(address: Address): boolean {
  return Boolean(address.fullName || address.streetLine1 || address.postalCode || address.city);
}

function placeOf(address: Address): Omit<ChannelReceiver['address'], 'name' | 'company' | 'phone' | 'email'> {
  return {
    lines: [address.streetLine1, address.streetLine2].filter((line): line is string => Boolean(line)),
    district: '',
    city: address.city ?? '',
    region: address.province ?? '',
    postalCode: address.postalCode ?? '',
    countryCode: (address.countryCode ?? '').toUpperCase(),
  };
}

function fullName(customer: WireOrder['customer']): string {
  return [customer?.firstName, customer?.lastName].filter(Boolean).join(' ');
}
