import { createHash } from 'node:crypto';
import type { ShopAddress, ShopOrder } from './state.ts';

const tokenLifeMs = 15 * 86_400_000;

/** What the seller sees of a buyer: stars, and a token that carriers take in place of the address until it expires. */
export function maskedReceiver(order: ShopOrder): Record<string, unknown> {
  const { address } = order;
  const first = [...address.name][0] ?? '';
  return {
    name: `${first}**`,
    phone: `*******${address.phone.replaceAll(/\D/g, '').slice(-4)}`,
    address: '**路**号',
    district: address.district,
    city: address.city,
    region: address.region,
    country_code: address.countryCode,
    oaid: tokenOf(order.id, address),
    oaid_expires_at: new Date(Date.parse(order.placedAt) + tokenLifeMs).toISOString(),
  };
}

/** Another for every order and every address. */
function tokenOf(orderId: string, address: ShopAddress): string {
  return createHash('sha256')
    .update(JSON.stringify([orderId, address]))
    .digest('base64url');
}
