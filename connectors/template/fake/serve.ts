import type { ServeFake } from '../../../src/connector-kit/index.ts';
import { serveOnLoopback } from '../../../src/connector-kit/testing/index.ts';
import { createFakeAcmeShop } from './create-fake.ts';
import { sendWebhooks } from './webhooks.ts';

const goods = [
  ['TEAPOT', '39.90'],
  ['TEACUP', '12.50'],
  ['WHISK', '8.29'],
] as const;

/** Three variants with stock, an order for each, and webhooks to whoever registers. */
export const serveFake: ServeFake = async ({ port }) => {
  const fake = createFakeAcmeShop(() => new Date());
  sendWebhooks(fake.state);
  for (const [sku, price] of goods) {
    const { id } = fake.addVariant(sku, price, 40);
    fake.placeOrder({ lines: [{ variantId: id, quantity: 2 }] });
  }
  const { origin, close } = await serveOnLoopback((request) => fake.fetch(request), port);
  const { apiToken, webhookSecret } = fake.state;
  return { origin, settings: { baseUrl: origin, apiToken, webhookSecret }, close };
};
