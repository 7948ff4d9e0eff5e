import { Hono } from 'hono';
import { z } from 'zod';
import { answer } from './answer.ts';
import { FakeGraphqlError } from './errors.ts';
import { addVariant, placeOrder, type FakePurchase } from './place-order.ts';
import { makeState, moveChangeClock, type FakeOrder, type FakeState, type FakeVariant } from './state.ts';

export type FakeVendure = {
  readonly state: FakeState;
  readonly fetch: (request: Request) => Promise<Response>;
  placeOrder(purchase: FakePurchase): FakeOrder;
  addVariant(options: { sku: string; onHand: readonly number[] }): FakeVariant;
  /** Staff edits the address: the change clock moves. */
  touchOrder(id: string): void;
  /** The payment provider settles: the change clock stays. */
  settlePayment(id: string): void;
  endSessions(): void;
  /** Staff deletes it: it is in no list any more, and nothing can be set on it. */
  deleteVariant(id: string): void;
};

const requestBody = z.object({ operationName: z.string(), query: z.string(), variables: z.unknown() });

/** A stateful imitation of Vendure 3.7.3's admin API, for the documents that the connector sends. */
export function createFakeVendure(now: () => Date): FakeVendure {
  const state = makeState(now);
  const app = new Hono();
  app.post('/admin-api', async (c) => {
    const { operationName, variables } = requestBody.parse(await c.req.json());
    const token = c.req.header('authorization')?.replace('Bearer ', '') ?? '';
    const isSignedIn = state.tokens.has(token) || state.apiKeys.has(c.req.header('vendure-api-key') ?? '');
    try {
      const made = await answer(state, operationName, variables, isSignedIn);
      if (made.token !== undefined) c.header('vendure-auth-token', made.token);
      return c.json({ data: made.data });
    } catch (error) {
      if (!(error instanceof FakeGraphqlError)) throw error;
      const extensions = error.code === null ? {} : { extensions: { code: error.code } };
      const status = error.code === 'GRAPHQL_VALIDATION_FAILED' ? 400 : 200;
      return c.json({ errors: [{ message: error.message, ...extensions }], data: null }, status);
    }
  });
  const find = (id: string): FakeOrder => {
    const order = state.orders.find((candidate) => candidate.id === id);
    if (order === undefined) throw new Error(`the fake has no order ${id}`);
    return order;
  };
  return {
    state,
    fetch: async (request) => app.fetch(request),
    placeOrder: (purchase) => placeOrder(state, purchase),
    addVariant: (options) => addVariant(state, options),
    touchOrder(id) {
      const order = find(id);
      const number = Number(/\d+$/.exec(order.shippingAddress?.streetLine1 ?? '')?.[0] ?? 0) + 1;
      order.shippingAddress = { ...order.shippingAddress, streetLine1: `Hafenstraße ${number}` };
      moveChangeClock(state, order);
    },
    settlePayment(id) {
      const order = find(id);
      for (const payment of order.payments) payment.state = 'Settled';
      order.state = 'PaymentSettled';
    },
    endSessions: () => state.tokens.clear(),
    deleteVariant(id) {
      const index = state.variants.findIndex((variant) => variant.id === id);
      if (index !== -1) state.variants.splice(index, 1);
    },
  };
}
