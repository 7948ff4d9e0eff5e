import { Hono } from 'hono';
import { addPackage, cancel, refund } from './change-order.ts';
import { listOrders, pageOf } from './list.ts';
import { cancelRequest, packageRequest, readBody, refundRequest, stockRequest, webhookRequest } from './requests.ts';
import { Refusal, variantOf, type FakeState } from './state.ts';

/** The vendor's API over what the fake knows. */
export function vendorApi(state: FakeState): Hono {
  const api = new Hono();
  api.use('*', async (c, next) => {
    if (c.req.header('authorization') !== `Bearer ${state.apiToken}`) {
      throw new Refusal(401, 'bad_token', 'unknown API token');
    }
    await next();
  });
  api.get('/shop', (c) => c.json({ name: 'Acme Shop', currency: state.currency, time_zone: 'Europe/Berlin' }));
  api.get('/orders', (c) => {
    const ids = c.req.query('ids')?.split(',');
    if (ids !== undefined) {
      return c.json({ orders: state.orders.filter(({ id }) => ids.includes(id)), next_cursor: null });
    }
    return c.json(listOrders(state, c.req.query('updated_from') ?? '', c.req.query('cursor'), c.req.query('limit')));
  });
  api.get('/orders/count', (c) => {
    const from = c.req.query('created_from') ?? '';
    return c.json({ count: state.orders.filter((order) => order.created_at >= from).length });
  });
  api.post('/orders/:id/cancellations', async (c) => {
    const { items, reason } = await readBody(c.req, cancelRequest);
    return c.json({ id: cancel(state, c.req.param('id'), items, reason) }, 201);
  });
  api.post('/orders/:id/refunds', async (c) =>
    c.json({ id: refund(state, c.req.param('id'), await readBody(c.req, refundRequest)) }, 201),
  );
  api.post('/orders/:id/packages', async (c) =>
    c.json({ id: addPackage(state, c.req.param('id'), await readBody(c.req, packageRequest)) }, 201),
  );
  api.put('/webhook', async (c) => {
    const { url } = await readBody(c.req, webhookRequest);
    state.webhookUrl = url;
    return c.json({ url });
  });
  return api.route('/', goodsApi(state));
}

function goodsApi(state: FakeState): Hono {
  const api = new Hono();
  api.get('/variants', (c) => {
    const cursor = c.req.query('cursor') ?? '';
    const { rows, next } = pageOf(state.variants, ({ id }) => id, cursor, c.req.query('limit'));
    return c.json({ variants: rows, next_cursor: next });
  });
  api.get('/stock', (c) => {
    const wanted = (c.req.query('variant_ids') ?? '').split(',');
    const found = state.variants.filter(({ id }) => wanted.includes(id));
    return c.json({ stock: found.map(({ id, available }) => ({ variant_id: id, available })) });
  });
  api.put('/stock', async (c) => {
    const { items } = await readBody(c.req, stockRequest);
    const results = items.map(({ variant_id, available }) => ({
      variant_id,
      error: setStock(state, variant_id, available),
    }));
    return c.json({ results });
  });
  return api;
}

/** One bad item does not fail the others. */
function setStock(state: FakeState, variantId: string, available: number): { code: string; message: string } | null {
  try {
    if (available < 0) throw new Refusal(422, 'bad_quantity', 'must not be below zero');
    variantOf(state, variantId).available = available;
    return null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { code: error.code, message: error.message };
  }
}
