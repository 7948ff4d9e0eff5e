import type { CancelCommand } from '../../src/connector-kit/index.ts';
import { write, type AcmeShopIo } from './client.ts';
import { readOrder } from './read-order.ts';
import { wireCreated, type WireOrder } from './wire.ts';

type Units = { readonly item_id: string; readonly quantity: number };

/** The vendor cancels the units it is told, each time it is told: the order is read first and only the rest is asked for. */
export async function cancelOrder(io: AcmeShopIo, command: CancelCommand): Promise<void> {
  const order = await readOrder(io, command.orderExternalId);
  const items = missing(order, command.lines);
  if (items.length === 0) return;
  await write(io, 'POST', `/orders/${order.id}/cancellations`, { items, reason: command.reason }, wireCreated);
}

/** `wanted` is cumulative; null is every unit that has not been shipped. */
function missing(order: WireOrder, wanted: CancelCommand['lines']): Units[] {
  return order.items
    .map((item) => {
      const asked = wanted?.find(({ lineExternalId }) => lineExternalId === item.id)?.quantity ?? 0;
      const target = wanted === null ? item.quantity - item.shipped : asked;
      return { item_id: item.id, quantity: target - item.cancelled };
    })
    .filter(({ quantity }) => quantity > 0);
}
