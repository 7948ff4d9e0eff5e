import { moneyFromDecimal } from '../../../src/kernel/index.ts';
import { commit, orderOf, Refusal, variantOf, type FakeOrder, type FakeState } from './state.ts';

export type Units = { readonly item_id: string; readonly quantity: number };

/** Staff writes a note. */
export function annotate(state: FakeState, orderId: string, note: string): void {
  const order = orderOf(state, orderId);
  order.note = note;
  commit(state, order, 'order.updated');
}

/** Cancels units that have not been shipped and puts them back on sale. Pays nothing back. */
export function cancel(state: FakeState, orderId: string, units: readonly Units[], reason: string): string {
  const order = orderOf(state, orderId);
  const chosen = openItems(order, units);
  for (const { item, quantity } of chosen) {
    item.cancelled += quantity;
    if (item.variant_id !== null) variantOf(state, item.variant_id).available += quantity;
  }
  order.cancel_reason = reason;
  if (order.items.every((item) => item.cancelled === item.quantity)) {
    order.cancelled_at = state.now().toISOString();
    order.status = 'cancelled';
  }
  commit(state, order, 'order.updated');
  return order.id;
}

/** The vendor's trap: it keeps the reference and does not compare it, so the same request twice pays twice. */
export function refund(
  state: FakeState,
  orderId: string,
  made: { readonly reference: string | null; readonly amount: string; readonly reason: string | null },
): string {
  const order = orderOf(state, orderId);
  const minor = (text: string): number => moneyFromDecimal(text, order.currency).amount.minor;
  const back = [...order.refunds, made].reduce((sum, row) => sum + minor(row.amount), 0);
  if (minor(made.amount) <= 0 || back > minor(order.total)) {
    throw new Refusal(422, 'bad_amount', 'nothing, or more than was paid');
  }
  const id = state.nextId();
  order.refunds.push({ id, ...made, created_at: state.now().toISOString() });
  commit(state, order, 'order.updated');
  return id;
}

/** The same trap: the same parcel twice is two parcels, as long as units are open. */
export function addPackage(
  state: FakeState,
  orderId: string,
  parcel: {
    readonly reference: string | null;
    readonly tracking_number: string;
    readonly carrier: string;
    readonly items: Units[];
  },
): string {
  const order = orderOf(state, orderId);
  for (const { item, quantity } of openItems(order, parcel.items)) item.shipped += quantity;
  const id = state.nextId();
  order.packages.push({ id, ...parcel, status: 'shipped' });
  commit(state, order, 'order.updated');
  return id;
}

/** All are checked before one is changed. */
function openItems(
  order: FakeOrder,
  units: readonly Units[],
): { item: FakeOrder['items'][number]; quantity: number }[] {
  if (units.length === 0) throw new Refusal(422, 'no_items', 'nothing was chosen');
  return units.map(({ item_id, quantity }) => {
    const item = order.items.find(({ id }) => id === item_id);
    const open = item === undefined ? 0 : item.quantity - item.cancelled - item.shipped;
    if (item === undefined || quantity < 1 || quantity > open) {
      throw new Refusal(422, 'not_open', `${open} units of item ${item_id} are open`);
    }
    return { item, quantity };
  });
}
