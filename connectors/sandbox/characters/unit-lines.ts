import { defineConnector } from '../../../src/connector-kit/index.ts';
import { cancelByUnit } from '../cancels.ts';
import { plainDialect } from '../dialect.ts';
import { ordersWith, utcClock } from '../orders.ts';
import { sandboxSettings, type SandboxSettings } from '../settings.ts';
import { shipmentsWith } from '../shipments.ts';
import { saleableStock } from '../stock.ts';
import { register, timedWebhooks, wholeOrder } from '../webhooks.ts';
import { everyShop } from './every-shop.ts';

/** Every unit is a line, cancelled by a call of its own; the shop splits orders by itself. */
export const unitLines = defineConnector({
  ...everyShop,
  code: 'sandbox-unit-lines',
  label: { en: 'Sandbox, a line a unit', zh: '沙盒（一件一行）' },
  settings: sandboxSettings,
  orders: { ...ordersWith<SandboxSettings>(plainDialect, utcClock), cancelOrder: cancelByUnit(plainDialect) },
  stock: saleableStock,
  shipments: shipmentsWith(plainDialect),
  webhooks: { verify: timedWebhooks<SandboxSettings>(wholeOrder(plainDialect)), register },
});
