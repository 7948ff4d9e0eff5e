import { authorise } from '../identity/index.ts';
import type { Ctx } from '../platform/db/index.ts';
import { closeReservations, type LineQuantity } from './close-reservations.ts';
import { raiseDemandDue, raiseStockFreed } from './events.ts';
import { sumByLevel } from './level.ts';
import { lockDemand } from './locks.ts';
import { moveDemand, sumByPart } from './move-demand.ts';
import { raisePromiseShift } from './promise-shift.ts';
import { writeLevels } from './write-levels.ts';

export type { LineQuantity } from './close-reservations.ts';

/**
 * Gives reserved units back to their part's demand, which is due again. The caller holds the shipments and lowers their
 * lines. Throws Fault conflict `stock.not_reserved` when a line has fewer units open.
 */
export async function release(ctx: Ctx, lines: readonly LineQuantity[]): Promise<void> {
  authorise(ctx, 'shipments:write');
  if (lines.length === 0) return;
  const closed = await closeReservations(ctx, lines, 'released');
  const sums = sumByLevel(closed, ({ quantity }) => quantity);
  const units = sumByPart(closed);
  const demand = await lockDemand(ctx, [...units.keys()]);
  await writeLevels(
    ctx,
    sums.map((level) => ({ ...level, onHand: 0, reserved: -level.sum })),
  );
  await moveDemand(ctx, units);
  raiseStockFreed(
    ctx,
    sums.map(({ skuId }) => skuId),
  );
  if ([...demand.values()].some((row) => !row.isHeld)) raiseDemandDue(ctx);
  await raisePromiseShift(ctx, closed, demand);
}
