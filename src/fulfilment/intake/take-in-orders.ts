import type { ShopDeps } from '../../channels/index.ts';
import { authorise } from '../../identity/index.ts';
import type { OrderId, ShopId } from '../../kernel/index.ts';
import {
  addTimeline,
  insertOrders,
  placeHolds,
  refreshDemandFacts,
  refreshFulfilmentStates,
  releaseHolds,
  touchReads,
  type OrderDocument,
  type OrderRow,
  type OrderTakenIn,
  type TimelineEntry,
} from '../../orders/index.ts';
import { onBehalf, type Ctx } from '../../platform/db/index.ts';
import { changeParts, type PartChange } from './change-parts.ts';
import { splitNewest } from './split-newest.ts';
import { openNewParts } from './open-new-parts.ts';
import { holdChanges } from './order-holds.ts';
import { parkCulprit, type IntakeResult } from './park-culprit.ts';
import { planBatch, type BatchPlan, type Superseded } from './plan-batch.ts';
import type { OrderPlan } from './plan-order.ts';
import { readFacts, type Facts } from './read-facts.ts';
import { storePlans } from './store-plans.ts';

export type { IntakeOutcome, IntakeResult } from './park-culprit.ts';

type Deps = Pick<ShopDeps, 'keyring'>;

/**
 * Takes in what a shop's channel says about orders (DESIGN §3): each order once, whatever is repeated or comes late; its
 * units claimed at once; its money as charged. A constant number of statements for a batch. One result a document; a
 * document that cannot be applied is parked and the others go on.
 */
export async function takeInOrders(
  ctx: Ctx,
  deps: Deps,
  shopId: ShopId,
  documents: readonly OrderDocument[],
): Promise<IntakeResult[]> {
  authorise(ctx, 'orders:write');
  const inner = onBehalf(ctx, 'take_in_orders');
  const { newest, outdated } = splitNewest(documents);
  const applied = await parkCulprit(inner, newest, (batch) => takeInBatch(inner, deps, shopId, batch));
  const late = outdated.map(({ order }) => ({ externalId: order.externalId, outcome: 'older', cause: null }) as const);
  return [...applied, ...late];
}

async function takeInBatch(
  ctx: Ctx,
  deps: Deps,
  shopId: ShopId,
  documents: readonly OrderDocument[],
): Promise<IntakeResult[]> {
  const facts = await readFacts(ctx, shopId, documents);
  const batch = await planBatch(documents, facts, { shopId, keyring: deps.keyring, now: ctx.now });
  const inserted = await insertOrders(
    ctx,
    batch.plans.filter((plan) => plan.current === null).map((plan) => plan.row),
  );
  const isMine = (plan: OrderPlan): boolean => plan.current !== null || inserted.has(plan.row.id);
  const plans = batch.plans.filter(isMine);
  await applyPlans(ctx, facts, plans, batch);
  const results = [...batch.results, ...plans.map(resultOf)];
  const beaten = batch.plans.filter((plan) => !isMine(plan)).map((plan) => plan.document);
  return beaten.length === 0 ? results : [...results, ...(await takeInBatch(ctx, deps, shopId, beaten))];
}

async function applyPlans(ctx: Ctx, facts: Facts, plans: readonly OrderPlan[], batch: BatchPlan): Promise<void> {
  const { superseded, unchanged } = batch;
  await touchReads(
    ctx,
    facts.shop.shopId,
    unchanged.map(({ order, ...document }) => ({ ...document, externalId: order.externalId })),
  );
  if (plans.length === 0) return;
  await storePlans(ctx, plans, superseded);
  await addTimeline(ctx, [
    ...plans.flatMap((plan) => plan.timeline),
    ...elsewhereEntries(plans),
    ...supersededEntries(superseded),
  ]);
  await openNewParts(ctx, plans, facts.shop.claimsAt);
  const tooLate = await changeParts(ctx, [...plans.flatMap(changesOf), ...superseded.flatMap(changesOfSuperseded)]);
  await settleHolds(ctx, plans, batch, tooLate);
  const orderIds = plans.map((plan) => plan.row.id);
  await refreshDemandFacts(ctx, [
    ...plans.filter((plan) => plan.current !== null).map((plan) => plan.row.id),
    ...superseded.map(({ current }) => current.row.id),
  ]);
  await refreshFulfilmentStates(ctx, [
    ...plans.filter((plan) => !isUntouched(plan)).map((plan) => plan.row.id),
    ...superseded.map(({ current }) => current.row.id),
  ]);
  const takenIn: OrderTakenIn = { kind: 'order.taken_in', shopId: facts.shop.shopId, orderIds };
  ctx.events.push(takenIn);
}

/** A new order of which the channel has sent nothing: open, as it was inserted. */
function isUntouched(plan: OrderPlan): boolean {
  return plan.current === null && plan.lines.every((line) => line.units.fulfilled === 0);
}

function changesOf(plan: OrderPlan): PartChange[] {
  const takesAllBack = plan.receiver.hasMoved || plan.row.supersededBy !== null;
  return plan.lines.flatMap((line) => line.targets.map((target) => ({ ...target, takesAllBack })));
}

/** What is planned for it goes back: it is not its own parcel any more. */
function changesOfSuperseded({ targets }: Superseded): PartChange[] {
  return targets.map((target) => ({ ...target, takesAllBack: true }));
}

/**
 * Where a change came too late for a packed parcel, a person has to look before anything more is allocated; so too before the
 * parts of an order are sent whose own parcel is packed or gone.
 */
async function settleHolds(
  ctx: Ctx,
  plans: readonly OrderPlan[],
  { superseded, splitTooLate }: BatchPlan,
  tooLate: ReadonlySet<OrderId>,
): Promise<void> {
  const wholes = [...plans.map(({ row }) => row), ...superseded.map(({ current }) => current.row)];
  const tooLateWholes = new Set([
    ...splitTooLate,
    ...wholes.filter(({ id }) => tooLate.has(id)).map(({ externalId }) => externalId),
  ]);
  const needsPerson = ({ id, partOfExternalId }: OrderRow): boolean =>
    tooLate.has(id) || (partOfExternalId !== null && tooLateWholes.has(partOfExternalId));
  const changes = plans.map(({ row, current, holds }) =>
    holdChanges(row.id, needsPerson(row) ? new Set([...holds, 'manual' as const]) : holds, current?.holds ?? []),
  );
  const gone = superseded.map(({ current }) => ({ orderId: current.row.id, kind: 'unmapped' as const }));
  const late = superseded
    .filter(({ current }) => tooLate.has(current.row.id))
    .map(({ current }) => holdChanges(current.row.id, new Set(['manual' as const]), current.holds));
  await placeHolds(
    ctx,
    [...changes, ...late].flatMap((change) => change.place),
  );
  await releaseHolds(ctx, [...changes.flatMap((change) => change.release), ...gone]);
}

function elsewhereEntries(plans: readonly OrderPlan[]): TimelineEntry[] {
  return plans.flatMap((plan) => {
    const before = plan.lines.flatMap((line) => line.targets).reduce((sum, { part }) => sum + part.shippedElsewhere, 0);
    const fresh = plan.lines.flatMap((line) => line.newParts).reduce((sum, part) => sum + part.shippedElsewhere, 0);
    const after = plan.lines
      .flatMap((line) => line.targets)
      .reduce((sum, { target }) => sum + target.shippedElsewhere, fresh);
    return after > before
      ? [{ orderId: plan.row.id, kind: 'fulfilled_elsewhere', data: { old: before, new: after } }]
      : [];
  });
}

function supersededEntries(superseded: BatchPlan['superseded']): TimelineEntry[] {
  return superseded
    .filter(({ isNew }) => isNew)
    .map(({ current, by }) => ({ orderId: current.row.id, kind: 'superseded', data: { by } }));
}

function resultOf(plan: OrderPlan): IntakeResult {
  return { externalId: plan.row.externalId, outcome: plan.current === null ? 'created' : 'updated', cause: null };
}
