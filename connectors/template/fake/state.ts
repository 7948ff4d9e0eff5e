import type { WireItem, WireOrder, WireVariant } from '../wire.ts';

/** What the fake knows, in the vendor's own shapes. */
export type FakeOrder = Omit<Known<WireOrder>, 'items'> & { items: Known<WireItem>[] };
export type FakeVariant = Known<WireVariant> & { available: number };

/** One event, its body fixed when it happened. */
export type FakeEvent = { readonly id: string; readonly body: string };

export type FakeState = {
  readonly now: () => Date;
  readonly apiToken: string;
  readonly webhookSecret: string;
  readonly currency: string;
  readonly orders: FakeOrder[];
  readonly variants: FakeVariant[];
  readonly events: FakeEvent[];
  webhookUrl: string | null;
  /** Hears of every event, when it has been written. */
  onEvent: (event: FakeEvent) => void;
  nextId(): string;
};

/** Without the index signature that a loose object has. */
type Known<Value> = { [Key in keyof Value as string extends Key ? never : Key]: Value[Key] };

/** A refusal in the vendor's words: the status and `{ error: { code, message } }`. */
export class Refusal extends Error {
  readonly status: 401 | 404 | 422;
  readonly code: string;

  constructor(status: 401 | 404 | 422, code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
  }
}

export function makeState(now: () => Date): FakeState {
  let last = 1_000;
  return {
    now,
    apiToken: 'acme-shop-token',
    webhookSecret: 'acme-shop-webhook-secret',
    currency: 'EUR',
    orders: [],
    variants: [],
    events: [],
    webhookUrl: null,
    onEvent: () => undefined,
    nextId: () => String((last += 1)),
  };
}

/** Every change of an order ends here: its revision and change time rise, and an event is written. */
export function commit(state: FakeState, order: FakeOrder, event: 'order.created' | 'order.updated'): void {
  order.revision += 1;
  order.updated_at = state.now().toISOString();
  const made = { id: `evt_${state.nextId()}`, body: JSON.stringify({ event, order_id: order.id }) };
  state.events.push(made);
  state.onEvent(made);
}

export function orderOf(state: FakeState, id: string): FakeOrder {
  const order = state.orders.find((candidate) => candidate.id === id);
  if (order === undefined) throw new Refusal(404, 'order_not_found', 'no such order');
  return order;
}

export function variantOf(state: FakeState, id: string): FakeVariant {
  const variant = state.variants.find((candidate) => candidate.id === id);
  if (variant === undefined) throw new Refusal(404, 'variant_not_found', 'no such variant');
  return variant;
}
