import { authorise } from '../identity/index.ts';
import { groupBy } from '../kernel/index.ts';
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
import { lockFromTheTop, lockShipments } from './locks.ts';
import { planLoss, refuseMissing, type Loss, type ReservedLine } from './plan-loss.ts';
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
  const taken = await lockFromTheTop(inner, (attempt) => lockLoss(inner, lines, attempt));
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

/** From this attempt on, whatever is reserved is locked, and what came meanwhile is spared though it be less urgent. */
const wideFromAttempt = 2;

/** Null when the reservations to release are others than those that were read before locking. */
async function lockLoss(
  ctx: Ctx,
  lines: readonly StockAdjustment[],
  attempt: number,
): Promise<readonly ReservedLine[] | null> {
  const losing = lines.filter((line) => line.delta < 0);
  const skuIds = [...new Set(lines.map((line) => line.skuId))];
  const isWide = attempt >= wideFromAttempt;
  const before = await readReservedLines(ctx.tx, losing);
  const expected = isWide ? before : planLoss(toLosses(lines, await readLevels(ctx.tx, skuIds)), before).taken;
  const orderIds = new Set(await lockOrders(ctx, [...new Set(expected.map((line) => line.orderId))]));
  const shipments = await lockShipments(ctx, [...new Set(expected.map((line) => line.shipmentId))]);
  const shipmentIds = new Set(shipments.map(({ id }) => id));
  const levels = await lockLevels(ctx, skuIds, [...new Set(lines.map((line) => line.warehouseId))]);
  const losses = toLosses(lines, levels);
  const reserved = await readReservedLines(ctx.tx, losing);
  const locked = reserved.filter((line) => orderIds.has(line.orderId) && shipmentIds.has(line.shipmentId));
  const best = planLoss(losses, reserved);
  refuseMissing(best.missing, reserved);
  const own = planLoss(losses, locked);
  const isBest = best.taken.every((line) => own.taken.some((one) => one.shipmentLineId === line.shipmentLineId));
  return own.missing.length === 0 && (isWide || isBest) ? own.taken : null;
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
