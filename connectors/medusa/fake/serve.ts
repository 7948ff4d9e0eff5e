import type { ServeFake } from '../../../src/connector-kit/index.ts';
import { serveOnLoopback } from '../../../src/connector-kit/testing/index.ts';
import { createFakeMedusa } from './create-fake-medusa.ts';

/** Three variants with stock at two locations, and an order for each of them. */
export const serveFake: ServeFake = async ({ port }) => {
  const fake = createFakeMedusa(() => new Date());
  for (const sku of ['SKU-1', 'SKU-2', 'SKU-3']) {
    fake.addVariant({ sku, stocked: [50, 20] });
    fake.placeOrder({
      lines: [{ sku, quantity: 2, unitPrice: '19.99' }],
      pricesIncludeTax: false,
      discountPercent: 10,
    });
  }
  const { origin, close } = await serveOnLoopback(fake.fetch, port);
  return { origin, settings: { baseUrl: origin, apiKey: fake.state.apiKey }, close };
};
