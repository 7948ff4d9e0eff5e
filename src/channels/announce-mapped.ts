import type { ListingId, ShopId } from '../kernel/index.ts';
import type { Ctx } from '../platform/db/index.ts';
import { announce } from './announce.ts';
import { shopLane } from './lane.ts';

export type MappedListing = { readonly listingId: ListingId; readonly shopId: ShopId };

/** One event a listing, and a ring for each shop: its numbers are to be told. */
export function announceMapped(
  ctx: Ctx,
  kind: 'listing.mapped' | 'listing.unmapped',
  listings: readonly MappedListing[],
): void {
  for (const { listingId, shopId } of listings) {
    announce(ctx, { kind, listingId, shopId });
    ctx.rings.add(shopLane(shopId));
  }
}
