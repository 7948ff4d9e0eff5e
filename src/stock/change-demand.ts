import { authorise } from '../identity/index.ts';
import { Fault, positiveQuantity, type PartId } from '../kernel/index.ts';
import type { Ctx } from '../platform/db/index.ts';
import { raiseDemandDue, raiseStockChanged, raiseStockFreed } from './events.ts';
import { lockDemand, type LockedDemand } from './locks.ts';
import { moveDemand, sumByPart } from './move-demand.ts';

export type DemandChange = {
  readonly partId: PartId;
  /** SKU units, at least 1. */
  readonly quantity: number;
};

/** More was ordered of parts that exist. The caller raises `ordered` of the part by as much. */
export async function addDemand(ctx: Ctx, changes: readonly DemandChange[]): Promise<void> {
  authorise(ctx, 'orders:write');
  const sums = checkedSums(changes);
  if (sums.size === 0) return;
  const locked = await lockDemand(ctx, [...sums.keys()]);
  await moveDemand(ctx, sums);
  raiseStockChanged(ctx, claimed(locked));
  if ([...locked.values()].some((demand) => !demand.isHeld)) raiseDemandDue(ctx);
}

/**
 * Gives up open demand. The caller raises `cancelled` of the part by as much. Units that are reserved are withdrawn first.
 * Throws Fault conflict `stock.demand_too_low`, which names the part, when more is cancelled than is open.
 */
export async function cancelDemand(ctx: Ctx, changes: readonly DemandChange[]): Promise<void> {
  authorise(ctx, 'orders:write');
  const sums = checkedSums(changes);
  if (sums.size === 0) return;
  const locked = await lockDemand(ctx, [...sums.keys()]);
  for (const [partId, units] of sums) {
    const open = locked.get(partId)?.quantity ?? 0;
    if (units > open) {
      throw new Fault('conflict', 'stock.demand_too_low', { data: { partId, open, cancelled: units } });
    }
  }
  await moveDemand(ctx, new Map([...sums].map(([partId, units]) => [partId, -units])));
  raiseStockChanged(ctx, claimed(locked));
  raiseStockFreed(
    ctx,
    [...locked.values()].map((demand) => demand.skuId),
  );
}

function checkedSums(changes: readonly DemandChange[]): Map<PartId, number> {
  changes.forEach(({ quantity }, index) => positiveQuantity(quantity, `changes.${index}.quantity`));
  return sumByPart(changes);
}

function claimed(locked: ReadonlyMap<PartId, LockedDemand>): LockedDemand['skuId'][] {
  return [...locked.values()].filter((demand) => demand.claims).map((demand) => demand.skuId);
}
