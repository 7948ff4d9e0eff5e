import { onBehalf, type Database } from '../platform/db/index.ts';
import { inboundActor } from './actor.ts';
import { insertIfUnchanged, type NewEvent } from './insert-events.ts';
import { tryLockPushed } from './lock-pushed.ts';
import { requestReads } from './request-reads.ts';
import { inKeyOrder, isPlain, sameShopAs, storePlain } from './store-plain.ts';
import type { Stored } from './store-webhook.ts';
import { toEvent, topicOf, type Delivery } from './webhook-event.ts';

/** Whether a delivery does more than be kept and ask for a read, or has to wait: such a one is stored by `storeWebhook`. */
export function goesAlone({ verified, isHeld }: Delivery): boolean {
  const topic = topicOf(verified);
  return isHeld === true || verified.cancel !== undefined || topic === 'listing' || topic === 'unreadable';
}

/**
 * Deliveries of one shop in one transaction and a constant number of statements; answers in their order. Of two with the same
 * key the first is new. `held` ones are not stored: they are to go alone. Nor are those that were verified by another state of
 * the shop than the last.
 */
export function storeWebhookGroup(
  database: Database,
  deliveries: readonly Delivery[],
): Promise<readonly (Stored | 'held')[]> {
  if (deliveries.every(isPlain)) return storePlain(database, deliveries);
  return database.transact({ actor: inboundActor }, async (outer) => {
    const ctx = onBehalf(outer, 'receive_webhook');
    const session = deliveries.at(-1)?.session;
    if (session === undefined) return [];
    const { shopId } = session.shop;
    const isRead = session.connector.orders.readOrders !== undefined;
    const events = deliveries.map(toEvent);
    const isOfNow = sameShopAs(session, deliveries);
    const held = isRead ? new Set() : await findHeld(events, (ids) => tryLockPushed(ctx, shopId, ids));
    const free = events.filter(({ externalId }, index) => isOfNow(index) && !held.has(externalId));
    const fresh = await insertIfUnchanged(ctx, session, inKeyOrder(free));
    if (fresh === null) return deliveries.map(() => 'shop_changed');
    const notices = free.filter(({ id, topic }) => fresh.has(id) && topic === 'order_notice');
    const noticed = notices.flatMap(({ externalId }) => externalId ?? []);
    if (isRead) await requestReads(ctx, shopId, noticed, 'webhook');
    return events.map(({ id, externalId }, index) => {
      if (!isOfNow(index)) return 'shop_changed';
      if (held.has(externalId)) return 'held';
      return fresh.has(id) ? 'new' : 'known';
    });
  });
}

async function findHeld(
  events: readonly NewEvent[],
  lock: (externalIds: readonly string[]) => Promise<Set<string>>,
): Promise<Set<unknown>> {
  const externalIds = events.flatMap(({ externalId }) => externalId ?? []);
  const locked = await lock(externalIds);
  return new Set(externalIds.filter((externalId) => !locked.has(externalId)));
}
