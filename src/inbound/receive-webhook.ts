import {
  webhookBodyBytesMax,
  webhookBytesWaitingMax,
  webhookGroupBytesMax,
  webhookGroupMax,
  webhookGroupsAtOnceMax,
  webhookGroupsPerShopMax,
  webhooksWaitingMax,
} from '../../config/defaults.ts';
import type { ShopDeps, ShopSession } from '../channels/index.ts';
import type { WebhookRequest } from '../connector-kit/index.ts';
import { Fault } from '../kernel/index.ts';
import { driverError, isConnectionLost } from '../platform/db/index.ts';
import { groupWrites } from './group-writes.ts';
import { withKeysThatFit } from './keys-that-fit.ts';
import { openedShops } from './opened-shops.ts';
import { answer, tryLater, type WebhookAnswer } from './webhook-answer.ts';
import { goesAlone, storeWebhookGroup } from './store-webhook-group.ts';
import { storeWebhook, type Stored } from './store-webhook.ts';
import { readToldListing } from './take-listings.ts';
import type { Delivery } from './webhook-event.ts';

/** Beyond the kept one. Each further one means that the shop was changed while the message was being stored. */
const openingsMax = 3;

/** Takes in one delivery. */
export type Reception = (webhookKey: string, request: WebhookRequest) => Promise<WebhookAnswer>;

/**
 * Raw bytes, signature, inbox row committed, then 2xx (RELIABILITY). A bad signature stores nothing. A redelivery is stored
 * once. What is well signed but unreadable is kept, parked and answered 2xx: sending it again would not help. 503 when
 * Postgres is away or too many wait, so that the channel sends it again.
 *
 * Deliveries that come together share what does not depend on them: their shop, opened once and kept for as long as nobody
 * changes it (`openedShops`), and one commit (`groupWrites`). Open one a process: what waits, waits here.
 */
export function openReception(deps: ShopDeps): Reception {
  const { database } = deps;
  const shops = openedShops(deps);
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
  const keep = async (delivery: Delivery): Promise<WebhookAnswer | null> => {
    const { shopId } = delivery.session.shop;
    const stored = await store(shopId, delivery);
    const settled = stored === 'held' ? await store(shopId, { ...delivery, isHeld: true }) : stored;
    if (settled === 'new') return answer(202, 'hook.stored');
    return settled === 'known' ? answer(200, 'hook.known') : null;
  };
  const receive: Reception = async (webhookKey, request) => {
    for (let openings = 0; openings <= openingsMax; openings += 1) {
      const isKept = openings === 0;
      const shop = isKept ? shops.kept(webhookKey) : await shops.open(webhookKey);
      if (shop === 'none_kept') continue;
      if (shop === null) return answer(404, 'hook.unknown');
      if (shop === 'removed') return answer(410, 'shop.removed');
      const judged = judge(deps, shop, request);
      if (!('status' in judged)) {
        const stored = await keep(judged);
        if (stored !== null) return stored;
      } else if (!isKept) {
        // What a kept shop refuses, the stored one may take.
        return judged;
      }
    }
    return tryLater('hook.busy');
  };
  const queue = boundedQueue();
  return async (webhookKey, request) => {
    const bytes = request.rawBody.byteLength;
    if (bytes > webhookBodyBytesMax) return answer(413, 'body.too_large');
    if (!queue.enter(webhookKey, bytes)) return tryLater('hook.busy');
    try {
      return await receive(webhookKey, request);
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

/** What is to be stored, or the answer to what is not. */
function judge(deps: ShopDeps, session: ShopSession, request: WebhookRequest): Delivery | WebhookAnswer {
  const { webhooks } = session.connector;
  if (webhooks === undefined) return answer(404, 'hook.unknown');
  const given = webhooks.verify(session.settings, request, deps.clock.now());
  if (given === null) return answer(401, 'hook.bad_signature');
  if (given.topic === 'ignored') return answer(200, 'hook.ignored');
  const verified = withKeysThatFit(given);
  const isReadable = readToldListing(session, verified) !== 'unreadable';
  return {
    session,
    request,
    verified: isReadable ? verified : { ...verified, topic: 'order', externalId: null, document: null },
  };
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

function isDatabaseAway(error: unknown): boolean {
  if (error instanceof Fault) return error.kind === 'unavailable' || error.kind === 'outcome_unknown';
  return isConnectionLost(driverError(error)) || isConnectionLost(error);
}
