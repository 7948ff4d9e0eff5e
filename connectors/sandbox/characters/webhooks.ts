import { defineConnector } from '../../../src/connector-kit/index.ts';
import { plainDialect } from '../dialect.ts';
import { ordersWith, utcClock } from '../orders.ts';
import { sandboxSettings, type SandboxSettings } from '../settings.ts';
import { shipmentsWith } from '../shipments.ts';
import { comparedStock } from '../stock.ts';
import { register, timedWebhooks, wholeOrder } from '../webhooks.ts';
import { everyShop } from './every-shop.ts';

/** The well-behaved shop, which the program knows as `sandbox`. */
export const sandbox = defineConnector({
  ...everyShop,
  code: 'sandbox',
  label: { en: 'Sandbox', zh: '沙盒' },
  settings: sandboxSettings,
  orders: ordersWith<SandboxSettings>(plainDialect, utcClock),
  stock: comparedStock,
  shipments: shipmentsWith(plainDialect),
  webhooks: { verify: timedWebhooks<SandboxSettings>(wholeOrder(plainDialect)), register },
  facts: { ...everyShop.facts, notes: ['A whole storefront of our own, for the demo and for tests.'] },
});
