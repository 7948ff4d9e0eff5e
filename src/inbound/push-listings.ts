import { openShop, storeListings, type ShopDeps, type StoredListings } from '../channels/index.ts';
import type { ChannelListing } from '../connector-kit/index.ts';
import { authorise } from '../identity/index.ts';
import { newId, type ShopId } from '../kernel/index.ts';
import { onBehalf, type Ctx } from '../platform/db/index.ts';
import { contentHash } from './content-hash.ts';
import { insertEvents, type NewEvent } from './insert-events.ts';
import { lockPushed } from './lock-pushed.ts';
import { checkNamedOnce, refuseNul, takesNone } from './push-orders.ts';

/**
 * Takes what a seller's own store sells, told in our words, so that orders find their SKUs without a poll. All of them or
 * none. Throws Fault `channel.takes_no_listings`, `shop.unknown`, `shop.removed`.
 */
export async function pushListings(
  ctx: Ctx,
  deps: ShopDeps,
  shopId: ShopId,
  listings: readonly ChannelListing[],
): Promise<StoredListings> {
  authorise(ctx, 'orders:push');
  const session = await openShop(ctx.tx, deps, shopId);
  const toDocument = session.connector.listings?.fromChannelListing;
  if (toDocument === undefined) throw takesNone('listings', session.connector.code);
  checkNamedOnce(listings, 'listings');
  for (const [index, listing] of listings.entries()) refuseNul(listing, `listings.${index}`);
  const inner = onBehalf(ctx, 'push_listings');
  await lockPushed(
    inner,
    shopId,
    listings.map((listing) => listing.externalId),
  );
  const events = listings.map((listing): NewEvent => {
    const document = toDocument(listing);
    const body = Buffer.from(document.body, 'utf8');
    const id = newId<'inbox_event'>(ctx.now.getTime());
    return {
      id,
      source: 'api',
      topic: 'listing',
      externalId: listing.externalId,
      dedupeKey: `api:listing:${id}`,
      state: 'applied',
      contentHash: contentHash(body),
      sourceVersion: null,
      readStartedAt: ctx.now,
      isBackfill: false,
      cause: null,
      body,
    };
  });
  await insertEvents(inner, session, events);
  return storeListings(inner, shopId, listings);
}
