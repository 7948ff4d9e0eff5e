import type { ServeFake } from '../../../src/connector-kit/index.ts';
import { serveOnLoopback } from '../../../src/connector-kit/testing/index.ts';
import { createFakeVendure } from './create-fake-vendure.ts';
import { fakeUser } from './state.ts';

const skus = ['TEAPOT', 'TEACUP', 'WHISK', 'KETTLE', 'TRAY'];

/** Five variants with stock at both locations, and three orders. */
export const serveFake: ServeFake = async ({ port }) => {
  const fake = createFakeVendure(() => new Date());
  for (const sku of skus) fake.addVariant({ sku, onHand: [40, 10] });
  for (const quantity of [1, 2, 3]) fake.placeOrder({ lines: [{ quantity, unitPriceWithTax: 1000 }] });
  const { origin, close } = await serveOnLoopback((request) => fake.fetch(request), port);
  return { origin, settings: { adminApiUrl: `${origin}/admin-api`, ...fakeUser }, close };
};
