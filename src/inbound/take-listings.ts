import { sql } from 'drizzle-orm';
import { storeListings, type ShopSession } from '../channels/index.ts';
import { channelListing, type ChannelListing, type VerifiedWebhook } from '../connector-kit/index.ts';
import { firstRow, type Ctx } from '../platform/db/index.ts';
import type { NewEvent } from './insert-events.ts';

/** The listing that a webhook carries; null where it carries none, `unreadable` where nobody can make one of it. */
export function readToldListing(session: ShopSession, verified: VerifiedWebhook): ChannelListing | null | 'unreadable' {
  if (verified.topic !== 'listing' || verified.document === null) return null;
  try {
    const told: unknown = session.connector.listings?.toChannelListing?.(verified.document.body, session.settings);
    return channelListing.parse(told);
  } catch {
    return 'unreadable';
  }
}

/** Stores a listing that was told, unless a later word about it is here already. */
export async function takeListing(
  ctx: Ctx,
  session: ShopSession,
  event: NewEvent,
  listing: ChannelListing,
): Promise<void> {
  const { shopId } = session.shop;
  const later = await firstRow(
    ctx.tx,
    sql`select 1 from inbox_events where shop_id = ${shopId} and external_id = ${listing.externalId} and topic = 'listing'
          and read_started_at > ${event.readStartedAt} limit 1`,
  );
  if (later === null) await storeListings(ctx, shopId, [listing]);
}
