import { newId, type OrderId, type ShopId } from '../../kernel/index.ts';
import type { CurrentOrder, OrderDocument } from '../../orders/index.ts';
import type { Keyring } from '../../platform/crypto/index.ts';
import { checkDocument } from './check-document.ts';
import { judgeDocument, type DocumentAge } from './judge-document.ts';
import { parked, type IntakeResult } from './park-culprit.ts';
import { planOrder, saysTheSame, type OrderPlan } from './plan-order.ts';
import type { Facts } from './read-facts.ts';

export type BatchPlan = {
  readonly plans: readonly OrderPlan[];
  readonly unchanged: readonly OrderDocument[];
  /** Orders that the channel split into orders of this batch and that have no document here themselves. */
  readonly superseded: readonly { readonly current: CurrentOrder; readonly by: OrderId }[];
  /** Documents that are not applied. */
  readonly results: readonly IntakeResult[];
};

type Context = { readonly shopId: ShopId; readonly keyring: Keyring; readonly now: Date };

/** Judges and plans each document by itself: one that cannot be is parked and does not stop the others. */
export function planBatch(documents: readonly OrderDocument[], facts: Facts, context: Context): BatchPlan {
  const plans: OrderPlan[] = [];
  const unchanged: OrderDocument[] = [];
  const results: IntakeResult[] = [];
  const superseders = new Map(facts.partOrders);
  for (const document of partsFirst(documents)) {
    const { externalId } = document.order;
    const applied = facts.current.get(externalId)?.row ?? null;
    const again = translatedAgain(document, applied);
    if (again !== null) {
      const planned = planOne(again, facts, context, superseders);
      if (!('row' in planned)) results.push(planned);
      else if (saysTheSame(planned)) results.push({ externalId, outcome: 'unchanged', cause: null });
      else plans.push(planned);
      continue;
    }
    const verdict = judgeDocument(document, applied);
    if (verdict === 'unchanged') unchanged.push(document);
    if (verdict === 'apply') {
      const planned = planOne(document, facts, context, superseders);
      if ('row' in planned) plans.push(planned);
      else results.push(planned);
    } else results.push({ externalId, outcome: verdict, cause: null });
  }
  return { plans, unchanged, superseded: supersededElsewhere(plans, superseders, facts), results };
}

/** A replay of the very bytes that the order stands by, with the age that they have by now. Null for anything else. */
function translatedAgain(document: OrderDocument, applied: DocumentAge | null): OrderDocument | null {
  if (document.isReplay !== true || applied === null) return null;
  if (Buffer.compare(document.documentHash, applied.documentHash) !== 0) return null;
  return { ...document, sourceVersion: applied.sourceVersion, readStartedAt: applied.readStartedAt };
}

/** A part notes itself as what supersedes its whole. */
function planOne(
  document: OrderDocument,
  facts: Facts,
  context: Context,
  superseders: Map<string, OrderId>,
): OrderPlan | IntakeResult {
  const { externalId, partOfExternalId } = document.order;
  const current = facts.current.get(externalId) ?? null;
  try {
    checkDocument(document.order);
    const plan = planOrder({
      ...context,
      orderId: current?.row.id ?? newId<'order'>(),
      document,
      current,
      mapping: facts.mapping,
      tombstone: facts.tombstones.get(externalId) ?? null,
      supersededBy: superseders.get(externalId) ?? null,
    });
    if (partOfExternalId !== null && !superseders.has(partOfExternalId)) superseders.set(partOfExternalId, plan.row.id);
    return plan;
  } catch (error) {
    return parked(document, error);
  }
}

/** So that an order of this batch knows of its parts when it is planned. */
function partsFirst(documents: readonly OrderDocument[]): OrderDocument[] {
  const isPart = (document: OrderDocument): boolean => document.order.partOfExternalId !== null;
  return [...documents.filter(isPart), ...documents.filter((document) => !isPart(document))];
}

function supersededElsewhere(
  plans: readonly OrderPlan[],
  superseders: ReadonlyMap<string, OrderId>,
  facts: Facts,
): { current: CurrentOrder; by: OrderId }[] {
  const planned = new Set(plans.map((plan) => plan.row.externalId));
  return [...superseders].flatMap(([externalId, by]) => {
    const current = facts.current.get(externalId);
    if (current === undefined || planned.has(externalId) || current.row.supersededBy !== null) return [];
    return [{ current, by }];
  });
}
