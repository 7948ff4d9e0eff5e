import type { CancelCommand } from '../../src/connector-kit/index.ts';
import { write, type SandboxIo } from './client.ts';
import { readOrder } from './read-order.ts';
import { wireOrderHead, type WireOrder } from './wire.ts';

type Units = { line_id: string; quantity: number };

/**
 * The vendor's cancel takes the units to cancel now. The order is read first and only what is missing is asked for, on
 * condition that the order has not changed since (fault `conflict`).
 */
export async function cancelOrder(io: SandboxIo, command: CancelCommand): Promise<void> {
  const order = await readOrder(io, command.orderExternalId);
  const lines = missing(order, command.lines);
  if (lines.length === 0) return;
  const body = { lines, reason: command.reason, if_version: order.version };
  await write(io, 'POST', `/orders/${command.orderExternalId}/cancel`, body, wireOrderHead);
}

/** For a whole order the units that are still open; for named lines the difference to what is cancelled by now. */
function missing(order: WireOrder, wanted: CancelCommand['lines']): Units[] {
  const all = order.lines.map((line) => ({ line_id: line.id, quantity: line.quantity - line.fulfilled_quantity }));
  const target = wanted?.map(({ lineExternalId, quantity }) => ({ line_id: lineExternalId, quantity })) ?? all;
  const cancelled = new Map(order.lines.map((line) => [line.id, line.cancelled_quantity]));
  return target
    .map(({ line_id, quantity }) => ({ line_id, quantity: quantity - (cancelled.get(line_id) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
}
