import type { OrderId } from '../../kernel/index.ts';
import { addTimeline, updatePartCounters, type PartRow, type UnitTarget } from '../../orders/index.ts';
import type { Ctx } from '../../platform/db/index.ts';
import { addDemand, cancelDemand, readDemand } from '../../stock/index.ts';
import { withdrawUnits } from '../withdraw-units.ts';
import { planUnits, settleUnits, type UnitSteps } from './plan-units.ts';

export type PartChange = {
  readonly part: PartRow;
  readonly target: UnitTarget;
  /** The parcel must be planned anew: the address has changed. */
  readonly takesAllBack: boolean;
};

/**
 * Brings the units of existing parts to their targets: more is claimed, less is taken from demand and then from
 * reservations. What is packed or shipped already keeps its goods facts; answers with the orders where that was so.
 */
export async function changeParts(ctx: Ctx, changes: readonly PartChange[]): Promise<Set<OrderId>> {
  const real = changes.filter(({ part, target, takesAllBack }) => takesAllBack || !isReached(part, target));
  if (real.length === 0) return new Set();
  const demand = await readDemand(
    ctx.tx,
    real.map(({ part }) => part.id),
  );
  const steps = real.map(({ part, target, takesAllBack }) =>
    planUnits(part, target, demand.get(part.id)?.quantity ?? 0, takesAllBack),
  );
  const withdrawn = await withdraw(ctx, steps);
  const settled = steps.map((step) => ({ step, ...settleUnits(step, withdrawn.get(step.part.id) ?? 0) }));
  await updatePartCounters(
    ctx,
    settled.map(({ step, counters }) => ({ id: step.part.id, ...counters })),
  );
  await addDemand(ctx, positive(settled.map(({ step }) => ({ partId: step.part.id, quantity: step.add }))));
  await cancelDemand(
    ctx,
    positive(
      settled.map(({ step, cancelWithdrawn }) => ({
        partId: step.part.id,
        quantity: step.cancelOpen + cancelWithdrawn,
      })),
    ),
  );
  const late = settled.filter(({ tooLate }) => tooLate > 0);
  await addTimeline(
    ctx,
    late.map(({ step, tooLate }) => ({
      orderId: step.part.orderId,
      kind: 'change_too_late',
      data: { partId: step.part.id, units: tooLate },
    })),
  );
  return new Set(late.map(({ step }) => step.part.orderId));
}

function isReached(part: PartRow, target: UnitTarget): boolean {
  return (
    part.ordered === target.ordered &&
    part.cancelled === target.cancelled &&
    part.shippedElsewhere === target.shippedElsewhere
  );
}

async function withdraw(ctx: Ctx, steps: readonly UnitSteps[]): Promise<Map<string, number>> {
  const wanted = positive(steps.map((step) => ({ partId: step.part.id, quantity: step.withdraw })));
  if (wanted.length === 0) return new Map();
  const answers = await withdrawUnits(ctx, wanted);
  return new Map(answers.map(({ partId, withdrawn }) => [partId, withdrawn]));
}

function positive<Change extends { readonly quantity: number }>(changes: readonly Change[]): Change[] {
  return changes.filter(({ quantity }) => quantity > 0);
}
