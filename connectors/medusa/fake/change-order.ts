import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import { parseDecimal, rescale, subtractDecimal } from '../../../src/kernel/index.ts';
import { invalidData, notAllowed, notFound } from './errors.ts';
import { release } from './inventory.ts';
import type { beginEditBody, editItemBody, fulfilBody, refundBody, shipBody } from './requests.ts';
import { addUp, moveChangeClock, textOf, type FakeOrder, type FakePayment, type FakeState } from './state.ts';

/** Between the check and the write the server does other work: two identical fulfilments at once both succeed. */
export async function fulfil(state: FakeState, order: FakeOrder, body: z.infer<typeof fulfilBody>): Promise<void> {
  if (order.status === 'canceled') throw invalidData(`Order with id ${order.id} has been canceled.`);
  const rows = body.items.map(({ id, quantity }) => {
    const item = order.items.find((row) => row.id === id);
    if (item === undefined) throw invalidData(`Items with ids ${id} does not exist in order with id ${order.id}.`);
    if (quantity > item.quantity - item.fulfilled) {
      throw invalidData(`Quantity to fulfill exceeds the reserved quantity for the item: ${id}`);
    }
    return { item, quantity };
  });
  await nextTurn();
  for (const { item, quantity } of rows) {
    item.fulfilled += quantity;
    try {
      release(state, item, quantity, true);
    } catch {
      // The second of two at once finds nothing held back any more, and is made all the same.
    }
  }
  order.fulfilments.push({
    id: state.nextId('ful'),
    metadata: body.metadata ?? null,
    items: rows.flatMap(({ item, quantity }) => fulfilmentItems(state, item.variantId, item.id, quantity)),
    shipped_at: null,
    delivered_at: null,
    canceled_at: null,
    labels: [],
  });
  moveChangeClock(state, order);
}

/** A row for each inventory item of the variant, each counting its own units. */
function fulfilmentItems(
  state: FakeState,
  variantId: string,
  lineId: string,
  quantity: number,
): FakeOrder['fulfilments'][number]['items'] {
  const variant = state.variants.find((row) => row.id === variantId);
  if (variant?.manageInventory !== true) {
    return [{ line_item_id: lineId, inventory_item_id: null, quantity }];
  }
  return variant.shares.map((share) => ({
    line_item_id: lineId,
    inventory_item_id: share.inventoryItemId,
    quantity: quantity * share.requiredQuantity,
  }));
}

export function ship(state: FakeState, order: FakeOrder, id: string, body: z.infer<typeof shipBody>): void {
  const fulfilment = order.fulfilments.find((row) => row.id === id);
  if (fulfilment === undefined) throw notFound(`Fulfillment with id ${id} not found in the order`);
  if (fulfilment.shipped_at !== null) throw notAllowed('Shipment has already been created');
  fulfilment.shipped_at = state.now().toISOString();
  fulfilment.labels = body.labels ?? [];
  moveChangeClock(state, order);
}

/** Whole, and only without a parcel. What was captured is paid back, what was only authorised is voided; totals stay. */
export function cancel(state: FakeState, order: FakeOrder): void {
  if (order.status === 'canceled') throw invalidData(`Order with id ${order.id} has been canceled.`);
  if (order.fulfilments.some((fulfilment) => fulfilment.canceled_at === null)) {
    throw notAllowed('All fulfillments must be canceled before canceling an order');
  }
  for (const payment of order.payments) {
    if (payment.captures.length === 0) payment.canceled_at = state.now().toISOString();
    const left = leftOf(payment);
    if (parseDecimal(left).units > 0n) payBack(state, order, payment, left, null);
  }
  for (const item of order.items) release(state, item, item.quantity - item.fulfilled, false);
  order.status = 'canceled';
  order.canceledAt = state.now().toISOString();
  moveChangeClock(state, order);
}

/** Compared in whole minor units: 92.87 of a captured 92.86522 is paid back. */
export function refund(
  state: FakeState,
  order: FakeOrder,
  payment: FakePayment,
  body: z.infer<typeof refundBody>,
): void {
  const left = leftOf(payment);
  const amount = body.amount === undefined ? left : String(body.amount);
  const over = subtractDecimal(rescale(parseDecimal(amount), 2), rescale(parseDecimal(left), 2));
  if (over.units > 0n) throw invalidData('You are not allowed to refund more than the captured amount');
  payBack(state, order, payment, amount, body.note ?? null);
  moveChangeClock(state, order);
}

function payBack(state: FakeState, order: FakeOrder, payment: FakePayment, amount: string, note: string | null): void {
  const created_at = state.now().toISOString();
  payment.refunds.push({ id: state.nextId('ref'), amount, note, created_at });
  order.creditLines.push({ id: state.nextId('ordcl'), reference: 'payment_collection', amount, created_at });
}

function leftOf(payment: FakePayment): string {
  const captured = addUp(payment.captures.map((row) => row.amount));
  return textOf(subtractDecimal(captured, addUp(payment.refunds.map((row) => row.amount))));
}

export function beginEdit(order: FakeOrder, body: z.infer<typeof beginEditBody>): void {
  if (order.edit !== null) throw invalidData(`Order (${order.id}) already has an existing active order change`);
  order.edit = { internalNote: body.internal_note ?? null, quantities: new Map() };
}

export function editItem(order: FakeOrder, itemId: string, body: z.infer<typeof editItemBody>): void {
  if (order.edit === null) throw notFound(`Order change for order (${order.id}) was not found`);
  const item = order.items.find((row) => row.id === itemId);
  if (item === undefined) throw invalidData(`Item ID ${itemId} not found.`);
  if (body.quantity < item.fulfilled) throw notAllowed('Cannot remove fulfilled items');
  order.edit.quantities.set(itemId, body.quantity);
}

/** Voids a payment that is only authorised, and pays nothing back. */
export function confirmEdit(state: FakeState, order: FakeOrder): void {
  if (order.edit === null) throw notFound(`Order change for order (${order.id}) was not found`);
  for (const [itemId, quantity] of order.edit.quantities) {
    const item = order.items.find((row) => row.id === itemId);
    if (item === undefined) continue;
    release(state, item, item.quantity - quantity, false);
    item.quantity = quantity;
  }
  order.edit = null;
  for (const payment of order.payments) {
    if (payment.captures.length === 0) payment.canceled_at = state.now().toISOString();
  }
  moveChangeClock(state, order);
}
