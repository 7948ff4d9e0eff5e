import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, newId, positiveQuantity, type ShipmentLineId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { lockOpenReservations, type OpenReservation } from './locks.ts';
import { writeReservations } from './write-reservations.ts';

export type ReservationTransfer = {
  readonly fromShipmentLineId: ShipmentLineId;
  /** A line of the same part in the same warehouse. */
  readonly toShipmentLineId: ShipmentLineId;
  /** SKU units, at least 1. */
  readonly quantity: number;
};

/**
 * Moves reserved units between shipment lines when a shipment is split or merged. Levels and demand stay as they are. The
 * caller holds both shipments. Throws Fault conflict `stock.not_reserved` when a line has fewer units open.
 */
export async function transferReservations(ctx: Ctx, transfers: readonly ReservationTransfer[]): Promise<void> {
  authorise(ctx, 'shipments:write');
  if (transfers.length === 0) return;
  const lineIds = new Set(transfers.flatMap((one) => [one.fromShipmentLineId, one.toShipmentLineId]));
  const open = await lockOpenReservations(ctx, [...lineIds]);
  const after = new Map(open);
  transfers.forEach((transfer, index) => {
    positiveQuantity(transfer.quantity, `transfers.${index}.quantity`);
    carry(after, transfer);
  });
  const emptied = [...open.values()].filter(({ shipmentLineId }) => after.get(shipmentLineId)?.quantity === 0);
  const left = [...after.values()].filter(({ quantity }) => quantity > 0);
  if (emptied.length > 0) {
    await rows(
      ctx.tx,
      sql`delete from reservations where id = any(${list(
        'uuid',
        emptied.map(({ id }) => id),
      )})`,
    );
  }
  await writeReservations(ctx, left, 'is_replaced');
}

function carry(after: Map<ShipmentLineId, OpenReservation>, transfer: ReservationTransfer): void {
  const { fromShipmentLineId, toShipmentLineId, quantity } = transfer;
  const from = after.get(fromShipmentLineId);
  if (from === undefined || from.quantity < quantity) {
    throw new Fault('conflict', 'stock.not_reserved', {
      data: { shipmentLineId: fromShipmentLineId, open: from?.quantity ?? 0, quantity },
    });
  }
  const to = after.get(toShipmentLineId) ?? { ...from, id: newId(), shipmentLineId: toShipmentLineId, quantity: 0 };
  if (to.partId !== from.partId || to.warehouseId !== from.warehouseId) {
    throw new Fault('conflict', 'stock.transfer_mismatch', { data: { fromShipmentLineId, toShipmentLineId } });
  }
  after.set(fromShipmentLineId, { ...from, quantity: from.quantity - quantity });
  after.set(toShipmentLineId, {
    ...to,
    quantity: to.quantity + quantity,
    expiresAfter: later(from.expiresAfter, to.expiresAfter),
  });
}

/** The stricter of two thresholds: units of both lie in one reservation afterwards. */
function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
