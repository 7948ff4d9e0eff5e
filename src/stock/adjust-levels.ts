import { authorise } from '../identity/index.ts';
import { Fault, quantity, invalidField } from '../kernel/index.ts';
import type { Ctx } from '../platform/db/index.ts';
import { raiseStockChanged, raiseStockFreed } from './events.ts';
import { sumByLevel, type LevelKey } from './level.ts';
import { lockedLevel, lockOrMakeLevels } from './locks.ts';
import { pickDetails } from './pick-details.ts';
import { readPlaces } from './read-places.ts';
import { writeLevels } from './write-levels.ts';
import { writeMoves, type Move } from './write-moves.ts';

export type LevelAdjustment = LevelKey & {
  /** Signed SKU units, not 0. */
  readonly delta: number;
  readonly reason: 'adjusted' | 'counted';
  readonly note: string | null;
};

/**
 * Changes on-hand by differences. The inner half of `fulfilment.adjustStock`: it refuses what would take on-hand below
 * what is reserved (Fault conflict `stock.below_reserved`, which names the level), and releases nothing.
 */
export async function adjustLevels(ctx: Ctx, adjustments: readonly LevelAdjustment[]): Promise<void> {
  authorise(ctx, 'stock:write');
  if (adjustments.length === 0) return;
  adjustments.forEach(({ delta }, index) => {
    if (delta === 0) throw invalidField(`lines.${index}.delta`, 'quantity.zero', 'must not be 0');
    quantity(Math.abs(delta), `lines.${index}.delta`);
  });
  const sums = sumByLevel(adjustments, (line) => line.delta);
  const levels = await lockOrMakeLevels(ctx, sums);
  for (const { sum, ...key } of sums) {
    const { onHand, reserved } = lockedLevel(levels, key);
    if (onHand + sum < reserved) {
      throw new Fault('conflict', 'stock.below_reserved', {
        message: `${onHand} on hand, ${reserved} reserved: ${sum} is too much`,
        data: { skuId: key.skuId, warehouseId: key.warehouseId, onHand, reserved, delta: sum },
      });
    }
  }
  await writeLevels(
    ctx,
    sums.map((level) => ({ ...level, onHand: level.sum, reserved: 0 })),
  );
  await writeMoves(ctx, await placeAdjustments(ctx, adjustments));
  raiseStockChanged(
    ctx,
    sums.filter(({ sum }) => sum !== 0).map(({ skuId }) => skuId),
  );
  raiseStockFreed(
    ctx,
    sums.filter(({ sum }) => sum > 0).map(({ skuId }) => skuId),
  );
}

/** Gains go to the default bin, where they may at once be lost again; losses are taken where goods expire first. */
async function placeAdjustments(ctx: Ctx, adjustments: readonly LevelAdjustment[]): Promise<Move[]> {
  const shared = { reference: null, unitCost: null, costCurrency: null };
  const gains = adjustments.filter(({ delta }) => delta > 0);
  const losses = adjustments
    .filter(({ delta }) => delta < 0)
    .map((line) => ({ ...line, quantity: -line.delta, expiresAfter: null }));
  const gained: Move[] = gains.map((line) => ({
    ...line,
    ...shared,
    binCode: '',
    lotId: null,
    quantity: line.delta,
  }));
  if (losses.length === 0) return gained;
  const places = await readPlaces(ctx.tx, losses);
  const fresh = gained.map((move) => ({ ...move, expiresOn: null }));
  const { picks, missing } = pickDetails(losses, [...places, ...fresh]);
  if (missing.length > 0) throw new Fault('internal', 'stock.details_drifted', { data: { lines: missing.length } });
  const lost: Move[] = picks.map(({ for: line, place, quantity: taken }) => ({
    ...line,
    ...shared,
    binCode: place.binCode,
    lotId: place.lotId,
    quantity: -taken,
  }));
  return [...gained, ...lost];
}
