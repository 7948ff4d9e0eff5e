import {
  webhookBodyBytesMax,
  webhookBytesWaitingMax,
  webhookGroupBytesMax,
  webhookGroupMax,
  webhookGroupsAtOnceMax,
  webhookGroupsPerShopMax,
  webhooksWaitingMax,
} from '../../config/defaults.ts';
import { openShopByWebhookKey, type ShopDeps, type ShopSession } from '../channels/index.ts';
import type { VerifiedWebhook, WebhookRequest } from '../connector-kit/index.ts';
import { Fault } from '../kernel/index.ts';
import { driverError, isConnectionLost } from '../platform/db/index.ts';
import { groupWrites } from './group-writes.ts';
import { withKeysThatFit } from './keys-that-fit.ts';
import { shareReads } from './shared-reads.ts';
import { goesAlone, storeWebhookGroup } from './store-webhook-group.ts';
import { storeWebhook, type Stored } from './store-webhook.ts';
import { readToldListing } from './take-listings.ts';
import type { Delivery } from './webhook-event.ts';

export type WebhookAnswer = {
  readonly status: 200 | 202 | 401 | 404 | 410 | 413 | 503;
  readonly body: { readonly code: string };
  readonly headers: Readonly<Record<string, string>>;
};

/** Takes in one delivery. */
export type Reception = (webhookKey: string, request: WebhookRequest) => Promise<WebhookAnswer>;

/**
 * Raw bytes, signature, inbox row committed, then 2xx (RELIABILITY). A bad signature stores nothing. A redelivery is stored
 * once. What is well signed but unreadable is kept, parked and answered 2xx: sending it again would not help. 503 when
 * Postgres is away or too many wait, so that the channel sends it again.
 *
 * Deliveries that come together share what does not depend on them: one read of their shop, which begins after they came, and
 * one commit (`groupWrites`). Open one a process: what waits, waits here.
 */
export function openReception(deps: ShopDeps): Reception {
  const { database } = deps;
  const findShop = shareReads((webhookKey) => database.read((db) => openShopByWebhookKey(db, deps, webhookKey)));
  const store = groupWrites<Delivery, Stored | 'held'>({
    goesAlone,
    write: async (deliveries) => {
      const [only, second] = deliveries;
      if (only !== undefined && second === undefined) return [await storeWebhook(database, only)];
      return storeWebhookGroup(database, deliveries);
    },
    isEveryones: isDatabaseAway,
    bytesOf: ({ request }) => request.rawBody.byteLength,
    limits: {
      itemsMax: webhookGroupMax,
      bytesMax: webhookGroupBytesMax,
      atOnceMax: webhookGroupsAtOnceMax,
      atOncePerLineMax: webhookGroupsPerShopMax,
    },
  });
  const queue = boundedQueue();
  return async (webhookKey, request) => {
    const bytes = request.rawBody.byteLength;
    if (bytes > webhookBodyBytesMax) return answer(413, 'body.too_large');
    if (!queue.enter(webhookKey, bytes)) return tryLater('hook.busy');
    try {
      const shop = await findShop(webhookKey);
      if (shop === null) return answer(404, 'hook.unknown');
      if (shop === 'removed') return answer(410, 'shop.removed');
      const verified = verify(deps, shop, request);
      if (verified === 'unknown') return answer(404, 'hook.unknown');
      if (verified === null) return answer(401, 'hook.bad_signature');
      if (verified.topic === 'ignored') return answer(200, 'hook.ignored');
      const delivery = { session: shop, request, verified };
      const { shopId } = shop.shop;
      const stored = await store(shopId, delivery);
      const settled = stored === 'held' ? await store(shopId, { ...delivery, isHeld: true }) : stored;
      return settled === 'new' ? answer(202, 'hook.stored') : answer(200, 'hook.known');
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      return tryLater('database.unavailable');
    } finally {
      queue.leave(webhookKey, bytes);
    }
  };
}

/** One delivery that shares nothing with others. */
export function receiveWebhook(deps: ShopDeps, webhookKey: string, request: WebhookRequest): Promise<WebhookAnswer> {
  return openReception(deps)(webhookKey, request);
}

function verify(deps: ShopDeps, session: ShopSession, request: WebhookRequest): VerifiedWebhook | null | 'unknown' {
  const { webhooks } = session.connector;
  if (webhooks === undefined) return 'unknown';
  const given = webhooks.verify(session.settings, request, deps.clock.now());
  const verified = given && withKeysThatFit(given);
  if (verified === null || readToldListing(session, verified) !== 'unreadable') return verified;
  return { ...verified, topic: 'order', externalId: null, document: null };
}

/** How many deliveries, and how many bytes, wait for the database: at each address, so that one fills no other's. */
function boundedQueue(): { enter(key: string, bytes: number): boolean; leave(key: string, bytes: number): void } {
  const waiting = new Map<string, { count: number; bytes: number }>();
  return {
    enter(key, bytes) {
      const at = waiting.get(key) ?? { count: 0, bytes: 0 };
      if (at.count >= webhooksWaitingMax || (at.count > 0 && at.bytes + bytes > webhookBytesWaitingMax)) return false;
      waiting.set(key, { count: at.count + 1, bytes: at.bytes + bytes });
      return true;
    },
    leave(key, bytes) {
      const at = waiting.get(key);
      if (at === undefined || at.count === 1) waiting.delete(key);
      else waiting.set(key, { count: at.count - 1, bytes: at.bytes - bytes });
    },
  };
}

function answer(status: WebhookAnswer['status'], code: string): WebhookAnswer {
  return { status, body: { code }, headers: {} };
}

function tryLater(code: string): WebhookAnswer {
  return { ...answer(503, code), headers: { 'retry-after': '5' } };
}

function isDatabaseAway(error: unknown): boolean {
  if (error instanceof Fault) return error.kind === 'unavailable' || error.kind === 'outcome_unknown';
  return isConnectionLost(driverError(error)) || isConnectionLost(error);
}
