import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { ListingId, ShopId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { openExceptions } from '../platform/exceptions/index.ts';

/**
 * The channel was asked for the stock of these listings and did not show them: deleted there, most likely. They count as
 * looked at, so that they are not asked for at once again, and stand as exceptions until they are seen or delisted.
 */
export async function recordMissingListings(ctx: Ctx, shopId: ShopId, listingIds: readonly ListingId[]): Promise<void> {
  authorise(ctx, 'stock:write');
  if (listingIds.length === 0) return;
  await rows(
    ctx.tx,
    sql`with locked as (
          select id from listings where id = any(${list('uuid', listingIds)}) order by id for no key update
        )
        update listings l set seen_quantity = null, seen_at = ${ctx.now} from locked where l.id = locked.id`,
  );
  await openExceptions(
    ctx,
    listingIds.map((listingId) => ({
      ...missingListing(listingId),
      shopId,
      cause: { code: 'listing.missing', listingId },
      nextStep: 'Look whether the listing was deleted on the channel; put it back there, or unmap it here.',
    })),
  );
}

export function missingListing(listingId: ListingId): { kind: string; subjectKind: string; subjectId: ListingId } {
  return { kind: 'listing.missing', subjectKind: 'listing', subjectId: listingId };
}
