import { askForPolls } from '../channels/index.ts';
import { onBehalf, sqlState, type Ctx, type Database } from '../platform/db/index.ts';
import { openExceptions } from '../platform/exceptions/index.ts';
import { inboundActor } from './actor.ts';
import { contentHash } from './content-hash.ts';
import { insertIfUnchanged, type NewEvent } from './insert-events.ts';
import { lockPushed } from './lock-pushed.ts';
import { requestReads } from './request-reads.ts';
import { takeCancel } from './take-cancel.ts';
import { readToldListing, takeListing } from './take-listings.ts';
import { isPlain, storePlain } from './store-plain.ts';
import { toEvent, type Delivery } from './webhook-event.ts';

/** What became of a delivery: stored now, here already, or nothing, for the shop is no longer the one that verified it. */
export type Stored = 'new' | 'known' | 'shop_changed';

/**
 * One delivery in a transaction of its own, with all that it asks for. One whose words the database cannot hold (a number
 * beyond its columns) is kept as one that nobody can read: sending it again would not help.
 */
export async function storeWebhook(database: Database, delivery: Delivery): Promise<Stored> {
  const stored = async (one: Delivery): Promise<Stored> => {
    if (isPlain(one)) return (await storePlain(database, [one]))[0] ?? 'shop_changed';
    return database.transact({ actor: inboundActor }, (ctx) => store(onBehalf(ctx, 'receive_webhook'), one));
  };
  try {
    return await stored(delivery);
  } catch (error) {
    if (sqlState(error)?.startsWith('22') !== true) throw error;
    return stored(asUnreadable(delivery));
  }
}

function asUnreadable({ session, request }: Delivery): Delivery {
  const dedupeKey = `sha256:${contentHash(request.rawBody).toString('hex')}`;
  return { session, request, verified: { dedupeKey, topic: 'order', externalId: null, document: null } };
}

async function store(ctx: Ctx, delivery: Delivery): Promise<Stored> {
  const { session } = delivery;
  const event = toEvent(delivery);
  const { shopId } = session.shop;
  const { orders } = session.connector;
  if (orders.readOrders === undefined && event.externalId !== null) await lockPushed(ctx, shopId, [event.externalId]);
  const fresh = await insertIfUnchanged(ctx, session, [event]);
  if (fresh === null) return 'shop_changed';
  if (fresh.size === 0) return 'known';
  await act(ctx, delivery, event);
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
  return 'new';
}

/** What a message asks for beside being kept: reads, polls, a cancel or a listing taken in. */
async function act(ctx: Ctx, { session, verified }: Delivery, event: NewEvent): Promise<void> {
  const { shopId } = session.shop;
  const { externalId, dedupeKey } = event;
  const toldAt = event.readStartedAt !== null && event.readStartedAt < ctx.now ? event.readStartedAt : ctx.now;
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
