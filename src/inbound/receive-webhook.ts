import { webhookBodyBytesMax } from '../../config/defaults.ts';
import {
  askForPolls,
  findShopByWebhookKey,
  openShop,
  type ShopDeps,
  type ShopRow,
  type ShopSession,
} from '../channels/index.ts';
import type { VerifiedWebhook, WebhookRequest } from '../connector-kit/index.ts';
import { Fault, newId } from '../kernel/index.ts';
import { driverError, isConnectionLost, onBehalf, type Ctx } from '../platform/db/index.ts';
import { openExceptions } from '../platform/exceptions/index.ts';
import { contentHash } from './content-hash.ts';
import { insertEvents, type NewEvent } from './insert-events.ts';
import { lockPushed } from './lock-pushed.ts';
import { requestReads } from './request-reads.ts';
import { takeCancel } from './take-cancel.ts';
import { readToldListing, takeListing } from './take-listings.ts';
import { inboundActor } from './actor.ts';

export type WebhookAnswer = {
  readonly status: 200 | 202 | 401 | 404 | 410 | 413 | 503;
  readonly body: { readonly code: string };
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * One delivery: raw bytes, signature, inbox row committed, then 2xx (RELIABILITY). A bad signature stores nothing. A
 * redelivery is stored once. What is well signed but unreadable is kept, parked and answered 2xx: sending it again would
 * not help. 503 when Postgres is away, so that the channel sends it again.
 */
export async function receiveWebhook(
  deps: ShopDeps,
  webhookKey: string,
  request: WebhookRequest,
): Promise<WebhookAnswer> {
  if (request.rawBody.byteLength > webhookBodyBytesMax) return answer(413, 'body.too_large');
  try {
    const shop = await deps.database.read((db) => findShopByWebhookKey(db, webhookKey));
    if (shop === null) return answer(404, 'hook.unknown');
    if (shop.state === 'removed') return answer(410, 'shop.removed');
    return await receiveOf(deps, shop, request);
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    return { ...answer(503, 'database.unavailable'), headers: { 'retry-after': '5' } };
  }
}

async function receiveOf(deps: ShopDeps, shop: ShopRow, request: WebhookRequest): Promise<WebhookAnswer> {
  const session = await deps.database.read((db) => openShop(db, deps, shop.shopId));
  const { webhooks } = session.connector;
  if (webhooks === undefined) return answer(404, 'hook.unknown');
  const given = webhooks.verify(session.settings, request, deps.clock.now());
  const verified = given === null ? null : withoutUnreadableListing(session, given);
  if (verified === null) return answer(401, 'hook.bad_signature');
  if (verified.topic === 'ignored') return answer(200, 'hook.ignored');
  const isNew = await deps.database.transact({ actor: inboundActor }, (ctx) =>
    store(onBehalf(ctx, 'receive_webhook'), session, request, verified),
  );
  return isNew ? answer(202, 'hook.stored') : answer(200, 'hook.known');
}

async function store(
  ctx: Ctx,
  session: ShopSession,
  request: WebhookRequest,
  verified: VerifiedWebhook,
): Promise<boolean> {
  const event = toEvent(ctx, request, verified);
  const { shopId } = session.shop;
  const { orders } = session.connector;
  if (orders.readOrders === undefined && event.externalId !== null) await lockPushed(ctx, shopId, [event.externalId]);
  if ((await insertEvents(ctx, session, [event])).size === 0) return false;
  await act(ctx, session, event, verified);
  if (event.state === 'parked') {
    await openExceptions(ctx, [
      {
        kind: 'inbox.unreadable',
        subjectKind: 'inbox_event',
        subjectId: event.id,
        shopId,
        cause: { code: 'webhook.unreadable' },
        nextStep:
          orders.pullOrders === undefined
            ? 'Compare the stored message with what the API describes, and let the store send it again.'
            : 'Compare the stored message with what the channel documents; polls and re-reads still bring its orders.',
      },
    ]);
  }
  return true;
}

/** What a message asks for beside being kept: reads, polls, a cancel or a listing taken in. */
async function act(ctx: Ctx, session: ShopSession, event: NewEvent, verified: VerifiedWebhook): Promise<void> {
  const { shopId } = session.shop;
  const { externalId, readStartedAt: toldAt, dedupeKey } = event;
  if (event.topic === 'order_notice' && externalId !== null) {
    if (verified.cancel !== undefined) {
      return takeCancel(ctx, session, { externalId, cancel: verified.cancel, toldAt, dedupeKey });
    }
    if (session.connector.orders.readOrders !== undefined) await requestReads(ctx, shopId, [externalId], 'webhook');
  }
  if (event.topic !== 'listing') return;
  const listing = readToldListing(session, verified);
  if (listing === null || listing === 'unreadable') await askForPolls(ctx, shopId, ['listings']);
  else await takeListing(ctx, session, event, listing);
}

function withoutUnreadableListing(session: ShopSession, verified: VerifiedWebhook): VerifiedWebhook {
  if (readToldListing(session, verified) !== 'unreadable') return verified;
  return { ...verified, topic: 'order', externalId: null, document: null };
}

/** A message without a document is done once it has asked for a read; one that cannot be read waits for a person. */
function toEvent(ctx: Ctx, request: WebhookRequest, verified: VerifiedWebhook): NewEvent {
  const { document, toldAt = ctx.now } = verified;
  const topic = topicOf(verified);
  const body = document === null ? request.rawBody : Buffer.from(document.body, 'utf8');
  return {
    id: newId<'inbox_event'>(),
    source: 'webhook',
    topic,
    externalId: document?.externalId ?? verified.externalId,
    dedupeKey: `webhook:${verified.dedupeKey}`,
    state: stateOf[topic],
    contentHash: contentHash(body),
    sourceVersion: document?.version ?? null,
    // A clock that runs ahead must not outdo what is told later.
    readStartedAt: toldAt < ctx.now ? toldAt : ctx.now,
    isBackfill: false,
    cause: topic === 'unreadable' ? { code: 'webhook.unreadable' } : null,
    body,
  };
}

const stateOf: Readonly<Record<NewEvent['topic'], NewEvent['state']>> = {
  order: 'pending',
  order_notice: 'applied',
  listing: 'applied',
  stock: 'applied',
  unreadable: 'parked',
};

function topicOf({ topic, document, externalId }: VerifiedWebhook): NewEvent['topic'] {
  if (topic === 'listing' || topic === 'stock') return topic;
  if (document !== null) return 'order';
  return externalId === null ? 'unreadable' : 'order_notice';
}

function answer(status: WebhookAnswer['status'], code: string): WebhookAnswer {
  return { status, body: { code }, headers: {} };
}

function isDatabaseAway(error: unknown): boolean {
  if (error instanceof Fault) return error.kind === 'unavailable' || error.kind === 'outcome_unknown';
  return isConnectionLost(driverError(error)) || isConnectionLost(error);
}
