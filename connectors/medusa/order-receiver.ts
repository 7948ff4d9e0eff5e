import type { ChannelReceiver } from '../../src/connector-kit/index.ts';
import type { WireOrder } from './wire.ts';

/** Null where nothing is sent anywhere. */
export function toReceiver(order: WireOrder): ChannelReceiver | null {
  const address = order.shipping_address;
  if (!address) return null;
  return {
    address: {
      name: [address.first_name, address.last_name].filter(Boolean).join(' '),
      company: address.company ?? '',
      phone: address.phone ?? '',
      email: order.email ?? '',
      lines: [address.address_1, address.address_2].filter((line): line is string => Boolean(line)),
      district: '',
      city: address.city ?? '',
      region: address.province ?? '',
      postalCode: address.postal_code ?? '',
      countryCode: (address.country_code ?? '').toUpperCase(),
    },
    sourcePolicy: 'plain',
    token: null,
    expiresAt: null,
  };
}
