import { openShop, type ShopDeps, type ShopSession } from '../channels/index.ts';
import { takeInOrders, type IntakeOutcome, type IntakeResult } from '../fulfilment/index.ts';
import type { InboxEventId, ShopId } from '../kernel/index.ts';
import type { OrderDocument } from '../orders/index.ts';
import { clockOf, onBehalf, type Ctx } from '../platform/db/index.ts';
import { closeExceptions, openExceptions } from '../platform/exceptions/index.ts';
import { chooseDocuments } from './choose-documents.ts';
import { claimEvents, finishEvents, type ClaimedEvent, type FinishedEvent } from './claim-events.ts';
import { bodyField } from './insert-events.ts';
import { findShopsWithPending } from './queries.ts';
import { parkedDocument } from './read-exceptions.ts';
import { inboundActor } from './actor.ts';
import { translateDocument, type Translation } from './translate-document.ts';

export type DrainResult = {
  readonly claimed: number;
  readonly applied: number;
  readonly superseded: number;
  readonly parked: number;
};

const nothing: DrainResult = { claimed: 0, applied: 0, superseded: 0, parked: 0 };

/**
 * Turns stored documents into orders: one batch a shop, shops in turn, each in a transaction of its own that also finishes
 * its events. Call it until nothing is claimed. A shop that fails does not stop the others; its error is thrown at the end.
 */
export async function drainInbox(deps: ShopDeps, shopIds?: readonly ShopId[]): Promise<DrainResult> {
  const turns = shopIds ?? (await deps.database.read(async (db) => findShopsWithPending(db, await clockOf(db))));
  let total = nothing;
  const failures: unknown[] = [];
  for (const shopId of turns) {
    try {
      const session = await deps.database.read((db) => openShop(db, deps, shopId));
      const { drained, outcomes } = await deps.database.transact({ actor: inboundActor }, (ctx) =>
        drainShop(onBehalf(ctx, 'drain_inbox'), deps, session),
      );
      deps.metrics?.countDocuments(countBy(outcomes));
      total = add(total, drained);
    } catch (error) {
      deps.log.error({ shopId, error }, 'the inbox of a shop could not be drained');
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return total;
}

type Drained = { readonly drained: DrainResult; readonly outcomes: readonly IntakeOutcome[] };

async function drainShop(ctx: Ctx, deps: ShopDeps, session: ShopSession): Promise<Drained> {
  const events = await claimEvents(ctx, session.shop.shopId);
  if (events.length === 0) return { drained: nothing, outcomes: [] };
  const chosen = await chooseDocuments(events, (event) => translate(session, event));
  const results = await takeInOrders(ctx, deps, session.shop.shopId, chosen.documents);
  const finished = [...chosen.finished, ...finishedOf(chosen.documents, results)];
  await finishEvents(ctx, finished);
  await tellParked(ctx, session.shop.shopId, events, finished);
  const count = (state: FinishedEvent['state']): number => finished.filter((event) => event.state === state).length;
  const untranslated = chosen.finished.map(({ state }) => (state === 'parked' ? 'parked' : 'older'));
  return {
    drained: {
      claimed: events.length,
      applied: count('applied'),
      superseded: count('superseded'),
      parked: count('parked'),
    },
    outcomes: [...results.map(({ outcome }) => outcome), ...untranslated],
  };
}

function countBy(outcomes: readonly IntakeOutcome[]): Record<IntakeOutcome, number> {
  const counts = { created: 0, updated: 0, unchanged: 0, older: 0, parked: 0 };
  for (const outcome of outcomes) counts[outcome] += 1;
  return counts;
}

function translate(session: ShopSession, event: ClaimedEvent): Translation {
  if (event.ciphertext === null) return { ok: false, cause: { code: 'inbox.body_deleted' } };
  let body: string;
  try {
    body = Buffer.from(session.dataKey.open(event.ciphertext, bodyField(event.id))).toString('utf8');
  } catch {
    return { ok: false, cause: { code: 'inbox.body_unreadable' } };
  }
  return translateDocument(session.connector, session.settings, event.externalId, body);
}

function finishedOf(documents: readonly OrderDocument[], results: readonly IntakeResult[]): FinishedEvent[] {
  const byOrder = new Map(results.map((result) => [result.externalId, result]));
  return documents.flatMap(({ order, inboxEventId }) => {
    const result = byOrder.get(order.externalId);
    return result === undefined || inboxEventId === null ? [] : [finish(inboxEventId, result)];
  });
}

function finish(id: InboxEventId, { outcome, cause }: IntakeResult): FinishedEvent {
  if (outcome === 'parked') return { id, state: 'parked', cause };
  return { id, state: outcome === 'older' ? 'superseded' : 'applied', cause: null };
}

/** One exception an order, which closes by itself once a document of it is applied. */
async function tellParked(
  ctx: Ctx,
  shopId: ShopId,
  events: readonly ClaimedEvent[],
  finished: readonly FinishedEvent[],
): Promise<void> {
  const orderOf = new Map(events.map((event) => [event.id, event.externalId]));
  const about = (state: FinishedEvent['state']) =>
    finished
      .filter((event) => event.state === state)
      .map((event) => parkedDocument(shopId, orderOf.get(event.id) ?? '', event.cause ?? {}));
  await closeExceptions(ctx, about('applied'));
  await openExceptions(ctx, about('parked'));
}

function add(a: DrainResult, b: DrainResult): DrainResult {
  return {
    claimed: a.claimed + b.claimed,
    applied: a.applied + b.applied,
    superseded: a.superseded + b.superseded,
    parked: a.parked + b.parked,
  };
}
