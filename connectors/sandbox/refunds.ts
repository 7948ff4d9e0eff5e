import type { RefundCommand } from '../../src/connector-kit/index.ts';
import { moneyToDecimal } from '../../src/kernel/index.ts';
import { create, type SandboxIo } from './client.ts';
import { readOrder } from './read-order.ts';

/** The vendor keeps our request id on the refund but does not look at it: the order is read first, and the write is conditional. */
export async function refundOrder(io: SandboxIo, command: RefundCommand): Promise<{ externalId: string }> {
  const order = await readOrder(io, command.orderExternalId);
  const made = order.refunds.find(({ request_id }) => request_id === command.requestId);
  if (made !== undefined) return { externalId: made.id };
  return create(io, `/orders/${command.orderExternalId}/refunds`, {
    amount: moneyToDecimal({ minor: command.amountMinor, currency: command.currency }),
    currency: command.currency,
    reason: command.reason,
    request_id: command.requestId,
    lines: command.lines.map(({ lineExternalId, quantity }) => ({ line_id: lineExternalId, quantity })),
    if_version: order.version,
  });
}
