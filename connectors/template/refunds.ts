import type { RefundCommand } from '../../src/connector-kit/index.ts';
import { moneyToDecimal } from '../../src/kernel/index.ts';
import { write, type AcmeShopIo } from './client.ts';
import { readOrder } from './read-order.ts';
import { wireCreated } from './wire.ts';

/** The vendor keeps our reference and does not compare it: the order is read first, and a refund that has it is the answer. */
export async function refundOrder(io: AcmeShopIo, command: RefundCommand): Promise<{ externalId: string }> {
  const order = await readOrder(io, command.orderExternalId);
  const made = order.refunds.find(({ reference }) => reference === command.requestId);
  if (made !== undefined) return { externalId: made.id };
  const amount = moneyToDecimal({ minor: command.amountMinor, currency: command.currency });
  const body = { reference: command.requestId, amount, reason: command.reason };
  const { id } = await write(io, 'POST', `/orders/${order.id}/refunds`, body, wireCreated);
  return { externalId: id };
}
