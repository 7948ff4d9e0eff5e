import { defineConnector, type ConnectionReport } from '../../src/connector-kit/index.ts';
import { get, type SandboxIo } from './client.ts';
import { listings } from './listings.ts';
import { orders } from './orders.ts';
import { sandboxSettings } from './settings.ts';
import { shipments } from './shipments.ts';
import { stock } from './stock.ts';
import { webhooks } from './webhooks.ts';
import { wireShop } from './wire.ts';

export const sandbox = defineConnector({
  code: 'sandbox',
  label: { en: 'Sandbox', zh: '沙盒' },
  settings: sandboxSettings,
  origin: ({ baseUrl }) => new URL(baseUrl).origin,
  check,
  orders,
  listings,
  stock,
  shipments,
  webhooks,
  facts: {
    packages: 'partial',
    cancels: 'partial',
    refunds: 'partial',
    notes: ['A whole storefront of our own, for the demo and for tests.'],
  },
});

async function check(io: SandboxIo): Promise<ConnectionReport> {
  const shop = await get(io, '/shop', {}, wireShop);
  return { shopName: shop.name, currency: shop.currency, timeZone: shop.time_zone };
}
