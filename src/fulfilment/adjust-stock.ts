import { authorise } from '../identity/index.ts';
import { addTimeline, lockOrders } from '../orders/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { onBehalf, type Ctx } from '../platform/db/index.ts';
import { openExceptions } from '../platform/exceptions/index.ts';
import {
  adjustLevels,
  levelKey,
  lockLevels,
  readLevels,
  release,
  type Level,
  type LevelAdjustment,
} from '../stock/index.ts';
import { groupBy } from './group-by.ts';
import { lockFromTheTop, lockShipments } from './locks.ts';
import { planLoss, type Loss, type ReservedLine } from './plan-loss.ts';
import { readReservedLines } from './reserved-lines.ts';
import { takeOffLines } from './write-lines.ts';

export type StockAdjustment = LevelAdjustment;

/**
 * Changes on-hand by differences: counts, losses, finds. A loss below what is reserved first releases reservations back into
 * demand, the least urgent first and picked ones last, and opens an exception for each order that lost units. Packed
 * parcels are kept: a loss that would need them is refused (Fault conflict `stock.loss_in_parcels`, with their numbers).
 */
export async function adjustStock(ctx: Ctx, lines: readonly StockAdjustment[]): Promise<{ readonly released: number }> {
  authorise(ctx, 'stock:write');
  if (lines.length === 0) return { released: 0 };
  const inner = onBehalf(ctx, 'adjust_stock');
  const taken = await lockFromTheTop(inner, () => lockLoss(inner, lines));
  if (taken.length > 0) {
    await release(inner, taken);
    await takeOffLines(inner, taken);
    await tell(inner, taken);
  }
  await adjustLevels(inner, lines);
  await writeAudit(ctx, {
    action: 'stock.adjusted',
    subjectKind: 'stock',
    subjectId: null,
    data: { lines, released: taken.map(({ shipmentLineId, quantity }) => ({ shipmentLineId, quantity })) },
  });
  return { released: taken.reduce((sum, line) => sum + line.quantity, 0) };
}

/** Null when the reservations to release are others than those that were read before locking. */
async function lockLoss(ctx: Ctx, lines: readonly StockAdjustment[]): Promise<readonly ReservedLine[] | null> {
  const skuIds = [...new Set(lines.map((line) => line.skuId))];
  const warehouseIds = [...new Set(lines.map((line) => line.warehouseId))];
  const before = await readTaken(ctx, lines, await readLevels(ctx.tx, skuIds));
  const orderIds = new Set(await lockOrders(ctx, [...new Set(before.map((line) => line.orderId))]));
  const shipments = await lockShipments(ctx, [...new Set(before.map((line) => line.shipmentId))]);
  const shipmentIds = new Set(shipments.map(({ id }) => id));
  const taken = await readTaken(ctx, lines, await lockLevels(ctx, skuIds, warehouseIds));
  const holds = taken.every((line) => orderIds.has(line.orderId) && shipmentIds.has(line.shipmentId));
  return holds ? taken : null;
}

async function readTaken(
  ctx: Ctx,
  lines: readonly StockAdjustment[],
  levels: readonly Level[],
): Promise<readonly ReservedLine[]> {
  const losses = toLosses(lines, levels);
  return losses.length === 0 ? [] : planLoss(losses, await readReservedLines(ctx.tx, losses));
}

/** How many reserved units each level must give up. */
function toLosses(lines: readonly StockAdjustment[], levels: readonly Level[]): Loss[] {
  const deltas = groupBy(lines, levelKey);
  return levels.flatMap((level) => {
    const delta = (deltas.get(levelKey(level)) ?? []).reduce((sum, line) => sum + line.delta, 0);
    const units = Math.min(level.reserved, level.reserved - (level.onHand + delta));
    return units > 0 ? [{ skuId: level.skuId, warehouseId: level.warehouseId, units }] : [];
  });
}

async function tell(ctx: Ctx, taken: readonly ReservedLine[]): Promise<void> {
  const byOrder = [...groupBy(taken, (line) => line.orderId)].map(([orderId, own]) => ({
    orderId,
    shopId: own[0]?.shopId ?? null,
    lines: own.map(({ number, skuId, warehouseId, quantity }) => ({ shipment: number, skuId, warehouseId, quantity })),
  }));
  await addTimeline(
    ctx,
    byOrder.map(({ orderId, lines }) => ({ orderId, kind: 'units_lost', data: { lines } })),
  );
  await openExceptions(
    ctx,
    byOrder.map(({ orderId, shopId, lines }) => ({
      kind: 'stock.reservation_lost',
      subjectKind: 'order',
      subjectId: orderId,
      shopId,
      cause: { lines },
      nextStep: 'Receive or move goods of these SKUs, or cancel the lines with the buyer.',
    })),
  );
}
