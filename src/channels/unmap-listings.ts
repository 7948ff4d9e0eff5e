import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { invalidField, type ListingId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { announceMapped, type MappedListing } from './announce-mapped.ts';
import { listingBatchMax } from './store-listings.ts';

/**
 * Takes listings off their SKUs and returns those that had one. The channel keeps showing the last number; new orders for
 * them wait until they are mapped again, and orders taken in keep their parts.
 */
export async function unmapListings(ctx: Ctx, listingIds: readonly ListingId[]): Promise<ListingId[]> {
  authorise(ctx, 'shops:write');
  if (listingIds.length > listingBatchMax) {
    throw invalidField('listingIds', 'input.too_many', `must have at most ${listingBatchMax} items`);
  }
  const unmapped = await rows<MappedListing>(
    ctx.tx,
    sql`with chosen as (
          select id from listings where id = any(${list('uuid', listingIds)}) and sku_id is not null
          order by id for no key update
        )
        update listings l
        set sku_id = null, multiplier = 1, mapped_at = null, push_failures = 0, push_due_at = null, push_cause = null,
            version = l.version + 1, updated_at = ${ctx.now}
        from chosen where l.id = chosen.id
        returning l.id as "listingId", l.shop_id as "shopId"`,
  );
  if (unmapped.length === 0) return [];
  await writeAudit(ctx, {
    action: 'listing.unmapped',
    subjectKind: 'listing',
    subjectId: unmapped.length === 1 ? (unmapped[0]?.listingId ?? null) : null,
    data: { listingIds: unmapped.map((listing) => listing.listingId) },
  });
  announceMapped(ctx, 'listing.unmapped', unmapped);
  return unmapped.map((listing) => listing.listingId);
}
