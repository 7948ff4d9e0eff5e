import { makeApi } from './api.ts';
import { addVariant, capture, placeOrder, type FakePurchase } from './place-order.ts';
import { findOrder, makeState, moveChangeClock, type FakeOrder, type FakeState, type FakeVariant } from './state.ts';

export type FakeMedusa = {
  readonly state: FakeState;
  readonly fetch: (request: Request) => Promise<Response>;
  placeOrder(purchase: FakePurchase): FakeOrder;
  addVariant(options: Parameters<typeof addVariant>[1]): FakeVariant;
  /** Staff edits the address: the change clock moves. */
  touchOrder(id: string): void;
  /** The payment is captured: the change clock stays. */
  capture(id: string): void;
  /** Staff deletes it: it is in no list any more. */
  deleteVariant(id: string): void;
};

/** A stateful imitation of the admin API of Medusa 2.21.2, for the routes that the connector calls. */
export function createFakeMedusa(now: () => Date): FakeMedusa {
  const state = makeState(now);
  const app = makeApi(state);
  const find = (id: string): FakeOrder => {
    const order = findOrder(state, id);
    if (order === null) throw new Error(`the fake has no order ${id}`);
    return order;
  };
  return {
    state,
    fetch: async (request) => app.fetch(request),
    placeOrder: (purchase) => placeOrder(state, purchase),
    addVariant: (options) => addVariant(state, options),
    touchOrder(id) {
      const order = find(id);
      order.street = `Hafenstraße ${Number(/\d+$/.exec(order.street)?.[0] ?? 0) + 1}`;
      moveChangeClock(state, order);
    },
    capture: (id) => capture(state, find(id)),
    deleteVariant(id) {
      const index = state.variants.findIndex((variant) => variant.id === id);
      if (index !== -1) state.variants.splice(index, 1);
    },
  };
}
