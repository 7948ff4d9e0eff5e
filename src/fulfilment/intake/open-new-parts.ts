import type { Ctx } from '../../platform/db/index.ts';
import { cancelDemand, openDemand } from '../../stock/index.ts';
import type { OrderPlan } from './plan-order.ts';

/** The units of new parts claim at once, whatever the hold; what was cancelled or shipped elsewhere before is let go again. */
export async function openNewParts(ctx: Ctx, plans: readonly OrderPlan[], claimsAt: 'placed' | 'paid'): Promise<void> {
  const fresh = plans.flatMap(({ row, lines, holds }) =>
    lines
      .flatMap((line) => line.newParts)
      .map((part) => ({ part, row, isHeld: holds.size > 0 || row.supersededBy !== null })),
  );
  await openDemand(
    ctx,
    fresh.map(({ part, row, isHeld }) => ({
      partId: part.id,
      orderId: row.id,
      shopId: row.shopId,
      skuId: part.skuId,
      quantity: part.ordered,
      claims: claimsAt === 'placed' || row.paymentState !== 'unpaid',
      isHeld,
      priority: row.priority,
      shipBy: row.shipBy,
      paidAt: row.paidAt,
      placedAt: row.placedAt,
    })),
  );
  const gone = fresh.filter(({ part }) => part.cancelled > 0);
  await cancelDemand(
    ctx,
    gone.map(({ part }) => ({ partId: part.id, quantity: part.cancelled })),
  );
}
