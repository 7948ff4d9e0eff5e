import { getMedusa, type MedusaIo } from './client.ts';
import { firstItemsFields } from './fields.ts';
import { cameBack } from './order-returns.ts';
import { wireFirstItems, type WireOrderHead } from './wire.ts';

/** Requests under way at once. */
const atOnce = 4;

/**
 * Adds `first_items` to orders that were edited or came back: the lines, as the order's first version has them, of which
 * there are fewer units now, or whose amounts Medusa lowered by received returns. An order edit is how Medusa cancels a part, and it leaves no trace in the order itself: the units are gone from
 * its lines, and a line without units is gone from the order. Only a version above 1 can have been edited, and every
 * fulfilment, shipment, return and refund makes a version too, so this costs one small read for each such order.
 */
export async function withFirstItems<Order extends WireOrderHead>(
  io: MedusaIo,
  orders: readonly Order[],
): Promise<(Order & { first_items: unknown[] })[]> {
  const changed = orders.filter((order) => order.version > 1);
  const firstItems = new Map<string, unknown[]>();
  for (let index = 0; index < changed.length; index += atOnce) {
    const slice = changed.slice(index, index + atOnce);
    const read = await Promise.all(slice.map((order) => readLowered(io, order)));
    slice.forEach((order, at) => firstItems.set(order.id, read[at] ?? []));
  }
  return orders.map((order) => ({ ...order, first_items: firstItems.get(order.id) ?? [] }));
}

async function readLowered(io: MedusaIo, order: WireOrderHead): Promise<unknown[]> {
  const query = [['version', '1'] as const, ['fields', firstItemsFields] as const];
  const { order: first } = await getMedusa(io, `/orders/${encodeURIComponent(order.id)}`, query, wireFirstItems);
  const now = new Map(order.items.map((item) => [item.id, item]));
  return first.items.filter((item) => {
    const current = now.get(item.id);
    const units = current?.quantity ?? 0;
    return item.quantity > units || (item.quantity === units && cameBack(current));
  });
}
