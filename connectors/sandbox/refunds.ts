import type { RefundCommand } from '../../src/connector-kit/index.ts';
import { moneyToDecimal } from '../../src/kernel/index.ts';
import { create, type SandboxIo } from './client.ts';
import type { Dialect } from './dialect.ts';
import { readOrder } from './read-order.ts';

/**
 * The vendor keeps our request id on the refund but does not look at it: the order is read first, and the write is conditional
 * where the shop has versions.
 */
export function refundWith(dialect: Dialect) {
  return async (io: SandboxIo, command: RefundCommand): Promise<{ externalId: string }> => refund(io, dialect, command);
}

async function refund(io: SandboxIo, dialect: Dialect, command: RefundCommand): Promise<{ externalId: string }> {
  const order = await readOrder(io, dialect, command.orderExternalId);
  const made = order.refunds.find(({ request_id }) => request_id === command.requestId);
  if (made !== undefined) return { externalId: made.id };
  return create(io, `/orders/${command.orderExternalId}/refunds`, {
    amount: moneyToDecimal({ minor: command.amountMinor, currency: command.currency }),
    currency: command.currency,
    reason: command.reason,
    request_id: command.requestId,
    lines: command.lines.map(({ lineExternalId, quantity }) => ({ line_id: lineExternalId, quantity })),
    if_version: order.ifVersion,
  });
}
