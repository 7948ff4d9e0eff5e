import type { CancelCommand } from '../../src/connector-kit/index.ts';
import { write, type SandboxIo } from './client.ts';
import type { Dialect } from './dialect.ts';
import { readOrder } from './read-order.ts';
import { wireCreated, wireOrderHead, type WireOrder } from './wire.ts';

type Units = { line_id: string; quantity: number };

export type CancelOrder = (io: SandboxIo, command: CancelCommand) => Promise<void>;

/**
 * The vendor's cancel takes the units to cancel now. The order is read first and only what is missing is asked for, on
 * condition that the order has not changed since (fault `conflict`).
 */
export function cancelWith(dialect: Dialect): CancelOrder {
  return async (io, command) => {
    const order = await readOrder(io, dialect, command.orderExternalId);
    const lines = missing(order, command.lines);
    if (lines.length === 0) return;
    const body = { lines, reason: command.reason, if_version: order.ifVersion };
    await write(io, 'POST', `/orders/${command.orderExternalId}/cancel`, body, wireOrderHead);
  };
}

/**
 * Where every unit is a line of its own and is cancelled by a call of its own. The order is read first, and again whenever the
 * whole is asked for again, so that a call that was lost on the way is made and none is made twice.
 */
export function cancelByUnit(dialect: Dialect): CancelOrder {
  return async (io, command) => {
    const order = await readOrder(io, dialect, command.orderExternalId);
    const reason = encodeURIComponent(command.reason);
    for (const { line_id } of missing(order, command.lines)) {
      await write(io, 'POST', `/units/${line_id}/cancel?reason=${reason}`, {}, wireCreated);
    }
  };
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
