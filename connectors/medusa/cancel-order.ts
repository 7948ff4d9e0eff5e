import { ChannelFault, type CancelCommand } from '../../src/connector-kit/index.ts';
import { postMedusa, type MedusaIo } from './client.ts';
import { fromOrderStatus } from './codes.ts';
import { editMark } from './edit-mark.ts';
import { soldItems } from './order-lines.ts';
import { paymentsOf } from './order-payments.ts';
import { readOpenEdit } from './read-open-edit.ts';
import { readOrder } from './read-order.ts';
import { wireWritten, type WireOrder } from './wire.ts';

type Lowered = { readonly itemId: string; readonly quantity: number };

/**
 * Cancels what is asked for and not cancelled yet, so that a repeat does nothing. An order without a fulfilment is cancelled
 * whole, by which Medusa pays back what was captured; a part of one is taken out by an order edit, which pays nothing back.
 */
export async function cancelOrder(io: MedusaIo, command: CancelCommand): Promise<void> {
  const order = await readOrder(io, command.orderExternalId);
  if (fromOrderStatus(order.status).isCancelled) return;
  const lowered = unitsLeft(order, command.lines);
  if (lowered.length === 0) return;
  const hasParcel = (order.fulfillments ?? []).some((fulfilment) => !fulfilment.canceled_at);
  if (leavesNothing(order, lowered) && !hasParcel) {
    await postMedusa(io, `/orders/${encodeURIComponent(order.id)}/cancel`, {}, wireWritten);
    return;
  }
  await editOrder(io, order, lowered, command.reason);
}

/** The lines that shall have fewer units than now, never fewer than are in a fulfilment. */
function unitsLeft(order: WireOrder, wanted: CancelCommand['lines']): Lowered[] {
  return soldItems(order).flatMap((sold) => {
    const now = order.items.find((item) => item.id === sold.id);
    if (now === undefined) return [];
    const target =
      wanted === null ? sold.quantity : (wanted.find((row) => row.lineExternalId === sold.id)?.quantity ?? 0);
    const quantity = Math.max(sold.quantity - target, now.detail.fulfilled_quantity);
    return quantity < now.quantity ? [{ itemId: sold.id, quantity }] : [];
  });
}

function leavesNothing(order: WireOrder, lowered: readonly Lowered[]): boolean {
  return order.items.every((item) => lowered.some((row) => row.itemId === item.id && row.quantity === 0));
}

/**
 * Begin, set each line, confirm. Until it is confirmed an edit changes nothing, and Medusa has one at a time: what a crash
 * left of ours is taken up again, setting the same numbers; a person's is left to that person.
 */
async function editOrder(io: MedusaIo, order: WireOrder, lowered: readonly Lowered[], reason: string): Promise<void> {
  if (paymentsOf(order).some((payment) => !payment.canceled_at && (payment.captures ?? []).length === 0)) {
    const detail =
      'Medusa voids an authorised payment when the order is edited: capture it first, or cancel the whole order';
    throw new ChannelFault({ kind: 'rejected', code: 'payment_not_captured', detail });
  }
  const open = await readOpenEdit(io, order.id);
  if (open === 'foreign') {
    throw new ChannelFault({ kind: 'conflict', detail: 'the order is being edited in Medusa' });
  }
  const path = `/order-edits/${encodeURIComponent(order.id)}`;
  if (open === 'none') {
    await postMedusa(
      io,
      '/order-edits',
      { order_id: order.id, internal_note: editMark, description: reason },
      wireWritten,
    );
  }
  for (const { itemId, quantity } of lowered) {
    await postMedusa(io, `${path}/items/item/${encodeURIComponent(itemId)}`, { quantity }, wireWritten);
  }
  await postMedusa(io, `${path}/confirm`, {}, wireWritten);
}
