import { defineConnector } from '../../../src/connector-kit/index.ts';
import { check, origin } from '../check.ts';
import { plainDialect } from '../dialect.ts';
import { listings } from '../listings.ts';
import { ordersWith, utcClock } from '../orders.ts';
import { sandboxSettings, type SandboxSettings } from '../settings.ts';
import { shipmentsWith } from '../shipments.ts';
import { comparedStock } from '../stock.ts';
import { register, timedWebhooks, wholeOrder } from '../webhooks.ts';

/** The well-behaved shop, which the program knows as `sandbox`. */
export const sandbox = defineConnector({
  code: 'sandbox',
  label: { en: 'Sandbox', zh: '沙盒' },
  settings: sandboxSettings,
  origin,
  check,
  orders: ordersWith<SandboxSettings>(plainDialect, utcClock),
  listings,
  stock: comparedStock,
  shipments: shipmentsWith(plainDialect),
  webhooks: { verify: timedWebhooks<SandboxSettings>(wholeOrder(plainDialect)), register },
  facts: {
    packages: 'partial',
    cancels: 'partial',
    refunds: 'partial',
    notes: ['A whole storefront of our own, for the demo and for tests.'],
  },
});
