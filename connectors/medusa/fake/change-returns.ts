import { notAllowed } from './errors.ts';
import { moveChangeClock, type FakeOrder, type FakeReturn, type FakeState } from './state.ts';

/** Staff begins a return: nothing shows on the order's clock before it is requested. */
export function beginReturn(state: FakeState, order: FakeOrder): FakeReturn {
  const made: FakeReturn = {
    id: state.nextId('return'),
    status: 'open',
    created_at: state.now().toISOString(),
    requested_at: null,
    items: [],
  };
  order.returns.push(made);
  return made;
}

/** The items are the return's own only from now on. */
export function requestReturn(
  state: FakeState,
  order: FakeOrder,
  asked: FakeReturn,
  items: readonly { readonly id: string; readonly quantity: number; readonly note: string | null }[],
): void {
  if (asked.status !== 'open') throw notAllowed('Return is not open');
  asked.items.push(...items.map(({ id, quantity, note }) => ({ item_id: id, quantity, note, reason: null })));
  asked.status = 'requested';
  asked.requested_at = state.now().toISOString();
  moveChangeClock(state, order);
}

/** Whole; from now on the units no longer count in the amounts of their lines. */
export function receiveReturn(state: FakeState, order: FakeOrder, asked: FakeReturn): void {
  for (const { item_id, quantity } of asked.items) {
    const item = order.items.find(({ id }) => id === item_id);
    if (item !== undefined) item.returned += quantity;
  }
  asked.status = 'received';
  moveChangeClock(state, order);
}

export function cancelReturn(state: FakeState, order: FakeOrder, asked: FakeReturn): void {
  asked.status = 'canceled';
  moveChangeClock(state, order);
}
