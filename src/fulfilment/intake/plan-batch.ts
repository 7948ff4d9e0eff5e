import { documentsPerTurn } from '../../../config/defaults.ts';
import { newId, takingTurns, type OrderId, type ShopId } from '../../kernel/index.ts';
import {
  partTarget,
  type CurrentLine,
  type CurrentOrder,
  type OrderDocument,
  type PartRow,
  type UnitTarget,
} from '../../orders/index.ts';
import type { Keyring } from '../../platform/crypto/index.ts';
import { checkDocument } from './check-document.ts';
import { judgeDocument, type DocumentAge } from './judge-document.ts';
import { parked, type IntakeResult } from './park-culprit.ts';
import { planOrder, saysTheSame, type OrderPlan } from './plan-order.ts';
import type { Facts } from './read-facts.ts';
import { bringsShippedUnits, makeWay, openSplits, type Cover, type Splits } from './splits.ts';

export type BatchPlan = {
  readonly plans: readonly OrderPlan[];
  readonly unchanged: readonly OrderDocument[];
  /** Orders that the channel split into orders of this batch and that have no document here themselves. */
  readonly superseded: readonly Superseded[];
  /** External ids of orders whose parts bring units again that have left already. */
  readonly splitTooLate: ReadonlySet<string>;
  /** Documents that are not applied. */
  readonly results: readonly IntakeResult[];
};

export type Superseded = {
  readonly current: CurrentOrder;
  readonly by: OrderId;
  /** False where another part came earlier. */
  readonly isNew: boolean;
  readonly targets: readonly { readonly part: PartRow; readonly target: UnitTarget }[];
};

/** What one batch learns while it is planned. */
type Course = {
  readonly superseders: Map<string, OrderId>;
  readonly splits: Splits;
  readonly splitTooLate: Set<string>;
};

type Context = { readonly shopId: ShopId; readonly keyring: Keyring; readonly now: Date };

/** Judges and plans each document by itself: one that cannot be is parked and does not stop the others. */
export async function planBatch(
  documents: readonly OrderDocument[],
  facts: Facts,
  context: Context,
): Promise<BatchPlan> {
  const plans: OrderPlan[] = [];
  const unchanged: OrderDocument[] = [];
  const results: IntakeResult[] = [];
  const course: Course = {
    superseders: new Map(facts.partOrders),
    splits: openSplits(facts.partUnits),
    splitTooLate: new Set(),
  };
  const turn = takingTurns(documentsPerTurn);
  for (const document of partsFirst(documents)) {
    await turn();
    const { externalId } = document.order;
    const applied = facts.current.get(externalId)?.row ?? null;
    const again = translatedAgain(document, applied);
    if (again !== null) {
      const planned = planOne(again, facts, context, course);
      if (!('row' in planned)) results.push(planned);
      else if (saysTheSame(planned)) results.push({ externalId, outcome: 'unchanged', cause: null });
      else plans.push(planned);
      continue;
    }
    const verdict = judgeDocument(document, applied);
    if (verdict === 'unchanged') unchanged.push(document);
    if (verdict === 'apply') {
      const planned = planOne(document, facts, context, course);
      if ('row' in planned) plans.push(planned);
      else results.push(planned);
    } else results.push({ externalId, outcome: verdict, cause: null });
  }
  const superseded = supersededElsewhere(plans, course, facts);
  return { plans, unchanged, superseded, splitTooLate: course.splitTooLate, results };
}

/** A replay of the very bytes that the order stands by, with the age that they have by now. Null for anything else. */
function translatedAgain(document: OrderDocument, applied: DocumentAge | null): OrderDocument | null {
  if (document.isReplay !== true || applied === null) return null;
  if (Buffer.compare(document.documentHash, applied.documentHash) !== 0) return null;
  return { ...document, sourceVersion: applied.sourceVersion, readStartedAt: applied.readStartedAt };
}

function planOne(document: OrderDocument, facts: Facts, context: Context, course: Course): OrderPlan | IntakeResult {
  const { externalId } = document.order;
  const current = facts.current.get(externalId) ?? null;
  const supersededBy = course.superseders.get(externalId) ?? current?.row.supersededBy ?? null;
  const cover = supersededBy === null ? null : course.splits.coverOf(externalId);
  try {
    checkDocument(document.order);
    const plan = planOrder({
      orderId: current?.row.id ?? newId<'order'>(),
      document,
      current,
      mapping: facts.mapping,
      tombstone: facts.tombstones.get(externalId) ?? null,
      supersededBy,
      cover,
      ...context,
    });
    notePlanned(plan, cover, course);
    return plan;
  } catch (error) {
    return parked(document, error);
  }
}

/** A part notes itself as what supersedes its whole, and what it takes over of it; a whole, whether that is too late. */
function notePlanned(plan: OrderPlan, cover: Cover | null, { superseders, splits, splitTooLate }: Course): void {
  const { current, row } = plan;
  if (cover !== null && current !== null && bringsShippedUnits(current, cover)) splitTooLate.add(row.externalId);
  const whole = row.partOfExternalId;
  if (whole === null) return;
  if (!superseders.has(whole)) superseders.set(whole, plan.row.id);
  for (const { newParts, targets } of plan.lines) {
    for (const part of newParts) splits.add(whole, part.skuId, part.ordered);
    for (const { part, target } of targets) splits.add(whole, part.skuId, target.ordered - part.ordered);
  }
}

/** So that an order of this batch knows of its parts when it is planned. */
function partsFirst(documents: readonly OrderDocument[]): OrderDocument[] {
  const isPart = (document: OrderDocument): boolean => document.order.partOfExternalId !== null;
  return [...documents.filter(isPart), ...documents.filter((document) => !isPart(document))];
}

/** Each part that comes takes its units over; what the others will bring stays claimed. */
function supersededElsewhere(plans: readonly OrderPlan[], course: Course, facts: Facts): Superseded[] {
  const planned = new Set(plans.map((plan) => plan.row.externalId));
  const wholes = new Set(plans.map((plan) => plan.row.partOfExternalId));
  return [...course.superseders].flatMap(([externalId, by]) => {
    const current = facts.current.get(externalId);
    if (current === undefined || planned.has(externalId)) return [];
    const isNew = current.row.supersededBy === null;
    if (!isNew && !wholes.has(externalId)) return [];
    const cover = course.splits.coverOf(externalId);
    const targets = current.lines.flatMap((line) => wayOf(line, cover));
    if (bringsShippedUnits(current, cover)) course.splitTooLate.add(externalId);
    return [{ current, by, isNew, targets }];
  });
}

function wayOf(line: CurrentLine, cover: Cover): Superseded['targets'] {
  const units = {
    quantity: line.quantity,
    cancelled: line.cancelledQuantity,
    fulfilled: line.channelFulfilledQuantity,
  };
  return line.parts.map((part) => ({ part, target: makeWay(part, partTarget(units, part), cover) }));
}
