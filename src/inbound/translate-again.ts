import { sql } from 'drizzle-orm';
import type { ShopDeps, ShopSession } from '../channels/index.ts';
import { compareAge, takeInOrders, type IntakeResult } from '../fulfilment/index.ts';
import { authorise } from '../identity/index.ts';
import type { InboxEventId } from '../kernel/index.ts';
import type { OrderDocument } from '../orders/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { list, onBehalf, rows, type Ctx } from '../platform/db/index.ts';
import type { ClaimedEvent } from './claim-events.ts';
import { bodyField } from './insert-events.ts';
import { translateDocument, type Translation } from './translate-document.ts';

export type ReplayOutcome = {
  readonly eventId: InboxEventId;
  /**
   * `changed`: the order now says something else. `unchanged`: the same as before. `older`: a newer document stands.
   * `body_gone`: there are no bytes to translate. `failed`: they cannot be translated or applied any more; the order stays.
   */
  readonly outcome: 'changed' | 'unchanged' | 'older' | 'body_gone' | 'failed';
  readonly cause: Readonly<Record<string, unknown>> | null;
};

/** In one transaction at most so many. */
export const translatedAgainMax = 100;

/**
 * Translates messages of one shop that were applied before, for after a connector was corrected. The state of a message does
 * not change, and nothing is written for an order that the new translation leaves as it is. Of each order the newest message
 * counts; whatever is older than what the order stands by changes nothing.
 */
export async function translateAgain(
  ctx: Ctx,
  deps: Pick<ShopDeps, 'keyring'>,
  session: ShopSession,
  eventIds: readonly InboxEventId[],
): Promise<ReplayOutcome[]> {
  authorise(ctx, 'orders:write');
  const events = await claimDone(ctx, session, eventIds.slice(0, translatedAgainMax));
  const outcomes: ReplayOutcome[] = [];
  const documents = new Map<string, OrderDocument & { readonly inboxEventId: InboxEventId }>();
  for (const event of events.toSorted((a, b) => compareAge(b, a))) {
    if (documents.has(event.externalId)) {
      outcomes.push({ eventId: event.id, outcome: 'older', cause: null });
      continue;
    }
    const translation = translate(session, event);
    if (translation === null) outcomes.push({ eventId: event.id, outcome: 'body_gone', cause: null });
    else if (!translation.ok) outcomes.push({ eventId: event.id, outcome: 'failed', cause: translation.cause });
    else {
      const { id: inboxEventId, documentHash, sourceVersion, readStartedAt } = event;
      const document = { order: translation.order, inboxEventId, documentHash, sourceVersion, readStartedAt };
      documents.set(event.externalId, { ...document, isReplay: true });
    }
  }
  const taken = [...documents.values()];
  const results = await takeInOrders(onBehalf(ctx, 'translate_again'), deps, session.shop.shopId, taken);
  const resultOf = new Map(results.map((result) => [result.externalId, result]));
  for (const { order, inboxEventId } of taken) {
    outcomes.push({ eventId: inboxEventId, ...outcomeOf(resultOf.get(order.externalId)) });
  }
  await writeAudit(ctx, {
    action: 'inbox.translated_again',
    subjectKind: 'shop',
    subjectId: session.shop.shopId,
    data: { messages: events.length, changed: outcomes.filter(({ outcome }) => outcome === 'changed').length },
  });
  return outcomes;
}

/** Locked in the order of their ids, so that two replays at once do not meet. */
function claimDone(ctx: Ctx, session: ShopSession, eventIds: readonly InboxEventId[]): Promise<ClaimedEvent[]> {
  return rows<ClaimedEvent>(
    ctx.tx,
    sql`select e.id, e.external_id as "externalId", e.content_hash as "documentHash", e.source_version as "sourceVersion",
               e.read_started_at as "readStartedAt", b.ciphertext
        from (
          select * from inbox_events
          where id = any(${list('uuid', eventIds)}) and shop_id = ${session.shop.shopId} and topic = 'order'
            and external_id is not null and state in ('applied', 'superseded')
          order by id for update
        ) as e
        left join inbox_bodies b on b.inbox_event_id = e.id`,
  );
}

function translate(session: ShopSession, event: ClaimedEvent): Translation | null {
  if (event.ciphertext === null) return null;
  const body = Buffer.from(session.dataKey.open(event.ciphertext, bodyField(event.id))).toString('utf8');
  return translateDocument(session.connector, session.settings, event.externalId, body);
}

function outcomeOf(result: IntakeResult | undefined): Omit<ReplayOutcome, 'eventId'> {
  if (result === undefined) return { outcome: 'failed', cause: null };
  switch (result.outcome) {
    case 'created':
    case 'updated':
      return { outcome: 'changed', cause: null };
    case 'parked':
      return { outcome: 'failed', cause: result.cause };
    case 'unchanged':
    case 'older':
      return { outcome: result.outcome, cause: null };
  }
}
