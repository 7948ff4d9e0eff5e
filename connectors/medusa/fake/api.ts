import { Hono } from 'hono';
import type { z } from 'zod';
import * as change from './change-order.ts';
import { FakeRefusal, invalidData, notFound } from './errors.ts';
import { writeLevels } from './inventory.ts';
import { listRows } from './list.ts';
import { presentOrder, presentPayment, presentStore, presentVariant } from './present.ts';
import * as requests from './requests.ts';
import { findOrder, type FakeOrder, type FakeState } from './state.ts';

/** The admin routes that the connector calls. */
export function makeApi(state: FakeState): Hono {
  const app = new Hono();
  app.use('/admin/*', async (c, next) => {
    const expected = `Basic ${Buffer.from(`${state.apiKey}:`).toString('base64')}`;
    // A key sent as a Bearer token is refused like any other.
    if (c.req.header('authorization') !== expected) return c.json({ message: 'Unauthorized' }, 401);
    return next();
  });
  app.onError((error, c) => {
    if (!(error instanceof FakeRefusal)) throw error;
    const code = error.status === 500 ? { code: 'unknown_error' } : {};
    return c.json({ ...code, type: error.type, message: error.message }, error.status);
  });
  addReads(app, state);
  addOrderWrites(app, state);
  addEdits(app, state);
  return app;
}

function addReads(app: Hono, state: FakeState): void {
  const queryOf = (url: string): URLSearchParams => new URL(url).searchParams;
  app.get('/admin/stores', (c) => c.json({ stores: [presentStore], count: 1 }));
  app.get('/admin/stock-locations', (c) => c.json({ stock_locations: state.locations }));
  app.get('/admin/orders', (c) => {
    const rows = state.orders.map((order) => ({ ...clockOf(order), salesChannelId: order.salesChannelId, order }));
    const { rows: page, count } = listRows(rows, queryOf(c.req.url));
    return c.json({ orders: page.map(({ order }) => presentOrder(state, order)), count });
  });
  app.get('/admin/orders/:id', (c) => {
    const version = queryOf(c.req.url).get('version');
    return c.json({
      order: presentOrder(state, known(state, c.req.param('id')), version === null ? null : Number(version)),
    });
  });
  app.get('/admin/orders/:id/changes', (c) => {
    const { edit } = known(state, c.req.param('id'));
    const open = edit === null ? [] : [{ status: 'pending', change_type: 'edit', internal_note: edit.internalNote }];
    return c.json({ order_changes: open });
  });
  app.get('/admin/product-variants', (c) => {
    const rows = state.variants.map((variant) => ({
      id: variant.id,
      at: variant.createdAt,
      createdAt: variant.createdAt,
      salesChannelId: null,
      variant,
    }));
    const { rows: page, count } = listRows(rows, queryOf(c.req.url));
    return c.json({ variants: page.map(({ variant }) => presentVariant(state, variant)), count });
  });
}

function addOrderWrites(app: Hono, state: FakeState): void {
  app.post('/admin/orders/:id/fulfillments', async (c) => {
    const order = known(state, c.req.param('id'));
    await change.fulfil(state, order, body(requests.fulfilBody, await c.req.json()));
    return c.json({ order: presentOrder(state, order) });
  });
  app.post('/admin/orders/:id/fulfillments/:fulfilment/shipments', async (c) => {
    const order = known(state, c.req.param('id'));
    change.ship(state, order, c.req.param('fulfilment'), body(requests.shipBody, await c.req.json()));
    return c.json({ order: presentOrder(state, order) });
  });
  app.post('/admin/orders/:id/cancel', (c) => {
    const order = known(state, c.req.param('id'));
    change.cancel(state, order);
    return c.json({ order: presentOrder(state, order) });
  });
  app.post('/admin/payments/:id/refund', async (c) => {
    const id = c.req.param('id');
    const order = state.orders.find((row) => row.payments.some((payment) => payment.id === id));
    const payment = order?.payments.find((row) => row.id === id);
    if (order === undefined || payment === undefined) throw notFound(`Payment with id: ${id} was not found`);
    change.refund(state, order, payment, body(requests.refundBody, await c.req.json()));
    return c.json({ payment: presentPayment(payment) });
  });
  app.post('/admin/inventory-items/location-levels/batch', async (c) =>
    c.json(writeLevels(state, body(requests.levelsBody, await c.req.json()))),
  );
}

function addEdits(app: Hono, state: FakeState): void {
  app.post('/admin/order-edits', async (c) => {
    const begin = body(requests.beginEditBody, await c.req.json());
    change.beginEdit(known(state, begin.order_id), begin);
    return c.json({ order_change: {} });
  });
  app.post('/admin/order-edits/:id/items/item/:item', async (c) => {
    const order = known(state, c.req.param('id'));
    change.editItem(order, c.req.param('item'), body(requests.editItemBody, await c.req.json()));
    return c.json({ order_preview: {} });
  });
  app.post('/admin/order-edits/:id/confirm', (c) => {
    change.confirmEdit(state, known(state, c.req.param('id')));
    return c.json({ order_preview: {} });
  });
}

function known(state: FakeState, id: string): FakeOrder {
  const order = findOrder(state, id);
  if (order === null) throw notFound(`Order id not found: ${id}`);
  return order;
}

function clockOf(order: FakeOrder): { id: string; at: string; createdAt: string } {
  return { id: order.id, at: order.updatedAt, createdAt: order.createdAt };
}

function body<Schema extends z.ZodType>(schema: Schema, json: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw invalidData(`Invalid request: ${parsed.error.issues[0]?.message ?? ''}`);
  return parsed.data;
}
