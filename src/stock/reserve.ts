import { authorise } from '../identity/index.ts';
import { Fault, positiveQuantity, type PartId, type ReservationId, type ShipmentLineId } from '../kernel/index.ts';
import type { Ctx } from '../platform/db/index.ts';
import { raisePromiseShift } from './promise-shift.ts';
import { sumByLevel, type LevelKey } from './level.ts';
import { lockDemand, lockedLevel, lockExactLevels, type LockedDemand, type OpenReservation } from './locks.ts';
import { moveDemand, sumByPart } from './move-demand.ts';
import { writeLevels } from './write-levels.ts';
import { writeReservations } from './write-reservations.ts';

export type NewReservation = LevelKey & {
  readonly reservationId: ReservationId;
  readonly partId: PartId;
  /** Exists already, and has at most one open reservation: a second one for it makes that grow. */
  readonly shipmentLineId: ShipmentLineId;
  /** SKU units, at least 1. */
  readonly quantity: number;
  /** Only lots that expire after this day will do, `YYYY-MM-DD`; null: any. */
  readonly expiresAfter: string | null;
};

/**
 * Promises units to shipment lines: from demand to reserved. Throws Fault conflict `stock.not_enough_free` (names the level) or
 * `stock.demand_too_low` (names the part) before it writes anything.
 */
export async function reserve(ctx: Ctx, wanted: readonly NewReservation[]): Promise<void> {
  authorise(ctx, 'shipments:write');
  if (wanted.length === 0) return;
  wanted.forEach(({ quantity }, index) => positiveQuantity(quantity, `reservations.${index}.quantity`));
  const sums = sumByLevel(wanted, ({ quantity }) => quantity);
  const levels = await lockExactLevels(ctx, sums);
  for (const { sum, ...key } of sums) {
    const { onHand, reserved } = lockedLevel(levels, key);
    if (sum > onHand - reserved) {
      throw new Fault('conflict', 'stock.not_enough_free', { data: { ...key, free: onHand - reserved, wanted: sum } });
    }
  }
  const parts = sumByPart(wanted);
  const demand = await lockDemand(ctx, [...parts.keys()]);
  checkDemand(demand, parts);
  await writeLevels(
    ctx,
    sums.map((level) => ({ ...level, onHand: 0, reserved: level.sum })),
  );
  await moveDemand(ctx, new Map([...parts].map(([partId, units]) => [partId, -units])));
  await writeReservations(ctx, mergeByLine(wanted), 'grows');
  await raisePromiseShift(ctx, wanted, demand);
}

function checkDemand(demand: ReadonlyMap<PartId, LockedDemand>, parts: ReadonlyMap<PartId, number>): void {
  for (const [partId, units] of parts) {
    const open = demand.get(partId)?.quantity ?? 0;
    if (units > open) {
      throw new Fault('conflict', 'stock.demand_too_low', { data: { partId, open, wanted: units } });
    }
  }
}

/** One a shipment line, for the statement may not touch a row twice. */
function mergeByLine(wanted: readonly NewReservation[]): OpenReservation[] {
  const lines = new Map<ShipmentLineId, OpenReservation>();
  for (const { reservationId, ...one } of wanted) {
    const known = lines.get(one.shipmentLineId);
    lines.set(one.shipmentLineId, { ...one, id: reservationId, quantity: one.quantity + (known?.quantity ?? 0) });
  }
  return [...lines.values()];
}
