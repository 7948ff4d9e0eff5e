import type { ShopSession } from '../channels/index.ts';
import { compareBytes } from '../kernel/index.ts';
import type { Database } from '../platform/db/index.ts';
import { insertAlone, type NewEvent } from './insert-events.ts';
import type { Stored } from './store-webhook.ts';
import { toEvent, topicOf, type Delivery } from './webhook-event.ts';

/** Whether a delivery is an order's document and no more, of a shop whose orders can be read: nothing is asked or locked. */
export function isPlain({ session, verified, isHeld }: Delivery): boolean {
  const { readOrders } = session.connector.orders;
  return topicOf(verified) === 'order' && verified.cancel === undefined && isHeld !== true && readOrders !== undefined;
}

/** Plain deliveries of one shop by one statement; answers in their order. Of two with the same key the first is new. */
export async function storePlain(database: Database, deliveries: readonly Delivery[]): Promise<readonly Stored[]> {
  const session = deliveries.at(-1)?.session;
  if (session === undefined) return [];
  const isOfNow = sameShopAs(session, deliveries);
  const events = deliveries.map(toEvent);
  const fresh = await insertAlone(database, session, inKeyOrder(events.filter((_, index) => isOfNow(index))));
  return events.map(({ id }, index) => {
    if (fresh === null || !isOfNow(index)) return 'shop_changed';
    return fresh.has(id) ? 'new' : 'known';
  });
}

/** Which of them were verified by the shop as this session knows it. */
export function sameShopAs(session: ShopSession, deliveries: readonly Delivery[]): (index: number) => boolean {
  return (index) => deliveries[index]?.session.rowVersion === session.rowVersion;
}

/** Two processes that store the same keys wait for each other at the index: in one order, so that neither waits for both. */
export function inKeyOrder(events: readonly NewEvent[]): NewEvent[] {
  return events.toSorted((a, b) => compareBytes(a.dedupeKey, b.dedupeKey));
}
