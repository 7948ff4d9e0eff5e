import { Hono } from 'hono';
import { z } from 'zod';
import type { ServeFake } from '../../../src/connector-kit/index.ts';
import { serveOnLoopback, type Served } from '../../../src/connector-kit/testing/index.ts';
import { createStore, type FakeStore } from './create-store.ts';

/** The path of the endpoint; the rest is for buyers, staff and tests. */
const endpointPath = '/wharf';

export function serveStore(store: FakeStore, port = 0): Promise<Served> {
  const app = new Hono();
  let hookUrl: string | null = null;
  const tell = async (): Promise<readonly number[]> => (hookUrl === null ? [] : store.outbox.flush(hookUrl));
  app.post(endpointPath, (c) => store.fetch(c.req.raw));
  app.put('/_control/hook', async (c) => {
    hookUrl = z.object({ url: z.url() }).parse(await c.req.json()).url;
    return c.json({ statuses: await tell() });
  });
  app.post('/_control/orders', async (c) => {
    const order = store.placeOrder(await c.req.json());
    return c.json({ order, statuses: await tell() }, 201);
  });
  app.get('/_control/state', (c) =>
    c.json({
      orders: [...store.state.orders.values()],
      stock: Object.fromEntries(store.state.stock),
      receipts: store.state.receipts,
    }),
  );
  return serveOnLoopback(app.fetch, port);
}

/** A store with one listing. Give it the hub's address: `PUT /_control/hook {"url":"http://…/hooks/…"}`. */
export const serveFake: ServeFake = async ({ port }) => {
  const store = createStore();
  const { origin, close } = await serveStore(store, port);
  store.list({ externalId: 'mug-blue', sku: 'MUG-BLUE', barcode: '4006381333931', title: 'Blue mug', price: '12.50' });
  return { origin, settings: storeSettings(store, origin), close };
};

export function storeSettings(store: FakeStore, origin: string): Readonly<Record<string, unknown>> {
  return {
    endpointUrl: `${origin}${endpointPath}`,
    shopName: 'Own store',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    signingSecret: store.secrets[0],
  };
}
