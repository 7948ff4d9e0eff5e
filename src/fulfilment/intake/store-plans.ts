import type { OrderId } from '../../kernel/index.ts';
import { storeOrders, type OrderSets, type SetGroup } from '../../orders/index.ts';
import type { Ctx } from '../../platform/db/index.ts';
import type { BatchPlan } from './plan-batch.ts';
import type { OrderPlan } from './plan-order.ts';

/** Writes rows of orders, lines, parts, sets, receivers and versions. New orders' own rows stand already. */
export async function storePlans(
  ctx: Ctx,
  plans: readonly OrderPlan[],
  superseded: BatchPlan['superseded'],
): Promise<void> {
  const lines = plans.flatMap((plan) => plan.lines);
  const waiting = plans.flatMap((plan) =>
    plan.lines
      .filter((line) => line.waits)
      .map(({ row }) => ({
        orderLineId: row.id,
        orderId: plan.row.id,
        shopId: plan.row.shopId,
        listingExternalId: row.listingExternalId,
        skuCode: row.skuCode,
      })),
  );
  const settledLines = lines.filter((line) => !line.waits && line.current !== null).map((line) => line.row.id);
  await storeOrders(ctx, {
    changed: [
      ...plans.filter((plan) => plan.current !== null).map((plan) => plan.row),
      ...superseded
        .filter(({ isNew }) => isNew)
        .map(({ current, by }) => ({ ...current.row, supersededBy: by, updatedAt: ctx.now })),
    ],
    lines: lines.map((line) => line.row),
    newParts: lines.flatMap((line) => line.newParts),
    waiting,
    noLongerWaiting: [...settledLines, ...superseded.flatMap(({ current }) => current.lines.map((line) => line.id))],
    sets: { replaced: replacedSets(plans), rows: setRows(plans) },
    receivers: plans.flatMap((plan) => (plan.receiver.row === null ? [] : [plan.receiver.row])),
    versions: plans.map((plan) => plan.version),
  });
}

function replacedSets(plans: readonly OrderPlan[]): Record<SetGroup, OrderId[]> {
  const known = plans.filter((plan) => plan.current !== null);
  const of = (group: SetGroup): OrderId[] =>
    known.filter((plan) => plan.sets.changed.has(group)).map((plan) => plan.row.id);
  return {
    money: of('money'),
    payments: of('payments'),
    refunds: of('refunds'),
    returns: of('returns'),
    packages: of('packages'),
  };
}

function setRows(plans: readonly OrderPlan[]): OrderSets {
  return {
    shipping: plans.flatMap((plan) => plan.sets.rows.shipping),
    taxes: plans.flatMap((plan) => plan.sets.rows.taxes),
    discounts: plans.flatMap((plan) => plan.sets.rows.discounts),
    payments: plans.flatMap((plan) => plan.sets.rows.payments),
    refunds: plans.flatMap((plan) => plan.sets.rows.refunds),
    returns: plans.flatMap((plan) => plan.sets.rows.returns),
    packages: plans.flatMap((plan) => plan.sets.rows.packages),
  };
}
