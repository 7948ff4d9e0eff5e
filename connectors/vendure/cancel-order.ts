import type { CancelCommand } from '../../src/connector-kit/index.ts';
import { mutateVendure, type VendureIo } from './client.ts';
import { fromOrderState } from './codes.ts';
import { cancelOrderDocument } from './documents.ts';
import { soldUnits } from './order-lines.ts';
import { toPackages, unitsIn } from './order-packages.ts';
import { readOrder } from './read-order.ts';
import { wireMade, type WireOrder } from './wire.ts';

type Units = { readonly orderLineId: string; readonly quantity: number };

/**
 * Cancels what is asked for and not cancelled yet, so that a repeat does nothing. Units in a fulfilment are left alone:
 * Vendure would take cancelling them for goods that came back. Shipping is taken back only with the whole order.
 */
export async function cancelOrder(io: VendureIo, command: CancelCommand): Promise<void> {
  const order = await readOrder(io, command.orderExternalId);
  if (fromOrderState(order.state).isCancelled) return;
  const lines = unitsToCancel(order, command.lines);
  if (lines.length === 0) return;
  const left = order.lines.reduce((sum, line) => sum + line.quantity, 0);
  const isRest = lines.reduce((sum, line) => sum + line.quantity, 0) === left;
  const input = { orderId: order.id, lines, cancelShipping: isRest, reason: command.reason };
  await mutateVendure(io, { document: cancelOrderDocument, variables: { input } }, 'cancelOrder', wireMade);
}

function unitsToCancel(order: WireOrder, wanted: CancelCommand['lines']): Units[] {
  return order.lines.flatMap((line) => {
    const free = line.quantity - unitsIn(toPackages(order), line.id);
    const target =
      wanted === null ? soldUnits(line) : (wanted.find((row) => row.lineExternalId === line.id)?.quantity ?? 0);
    const missing = target - (soldUnits(line) - line.quantity);
    const quantity = Math.min(missing, free);
    return quantity > 0 ? [{ orderLineId: line.id, quantity }] : [];
  });
}
