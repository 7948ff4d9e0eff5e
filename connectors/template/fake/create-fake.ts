import { Hono } from 'hono';
import { vendorApi } from './api.ts';
import { annotate } from './change-order.ts';
import { addVariant, placeOrder, type Purchase } from './place-order.ts';
import { makeState, Refusal, type FakeOrder, type FakeState, type FakeVariant } from './state.ts';

export type FakeAcmeShop = {
  readonly state: FakeState;
  fetch(request: Request): Promise<Response>;
  placeOrder(purchase: Purchase): FakeOrder;
  addVariant(sku: string, price: string, available: number): FakeVariant;
  annotate(orderId: string, note: string): void;
  /** The seller takes it out of the shop: no number can be set for it any more. */
  deleteVariant(id: string): void;
};

/** A stateful imitation of the vendor's API, with its traps. The methods are what buyers and staff do. */
export function createFakeAcmeShop(now: () => Date): FakeAcmeShop {
  const state = makeState(now);
  const app = new Hono();
  app.route('/v1', vendorApi(state));
  app.notFound((c) => c.json({ error: { code: 'no_such_path', message: 'no such path' } }, 404));
  app.onError((error, c) => {
    if (!(error instanceof Refusal)) throw error;
    return c.json({ error: { code: error.code, message: error.message } }, error.status);
  });
  return {
    state,
    fetch: async (request) => app.fetch(request),
    placeOrder: (purchase) => placeOrder(state, purchase),
    addVariant: (sku, price, available) => addVariant(state, sku, price, available),
    annotate: (orderId, note) => annotate(state, orderId, note),
    deleteVariant(id) {
      const index = state.variants.findIndex((variant) => variant.id === id);
      if (index !== -1) state.variants.splice(index, 1);
    },
  };
}
