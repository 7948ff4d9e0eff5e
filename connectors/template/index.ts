import { defineConnector, type ConnectionReport } from '../../src/connector-kit/index.ts';
import { get, type AcmeShopIo } from './client.ts';
import { listings } from './listings.ts';
import { orders } from './orders.ts';
import { acmeShopSettings } from './settings.ts';
import { shipments } from './shipments.ts';
import { stock } from './stock.ts';
import { webhooks } from './webhooks.ts';
import { wireShop } from './wire.ts';

/** A capability that the vendor lacks is a key that is taken out here, with its file. */
export const acmeShop = defineConnector({
  code: 'acme-shop',
  label: { en: 'Acme Shop', zh: 'Acme Shop' },
  settings: acmeShopSettings,
  origin: ({ baseUrl }) => new URL(baseUrl).origin,
  check,
  orders,
  listings,
  stock,
  shipments,
  webhooks,
  facts: { versions: 'v1', packages: 'partial', cancels: 'partial', refunds: 'partial' },
});

async function check(io: AcmeShopIo): Promise<ConnectionReport> {
  const shop = await get(io, '/shop', {}, wireShop);
  return { shopName: shop.name, currency: shop.currency, timeZone: shop.time_zone };
}
