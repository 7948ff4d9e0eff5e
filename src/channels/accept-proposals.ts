import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { ListingId, ShopId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { announceMapped, type MappedListing } from './announce-mapped.ts';

/**
 * Maps listings of a shop to the SKUs proposed for them, one to one. Those that are mapped, or have no proposal, are left
 * alone. Returns the ones that were mapped.
 */
export async function acceptProposals(
  ctx: Ctx,
  input: { readonly shopId: ShopId; readonly listingIds: readonly ListingId[] | 'all' },
): Promise<ListingId[]> {
  authorise(ctx, 'shops:write');
  const { shopId, listingIds } = input;
  const chosen = listingIds === 'all' ? sql`true` : sql`id = any(${list('uuid', listingIds)})`;
  const mapped = await rows<MappedListing>(
    ctx.tx,
    sql`with chosen as (
          select id from listings
          where shop_id = ${shopId} and sku_id is null and proposed_sku_id is not null and ${chosen}
          order by id for no key update
        )
        update listings l
        set sku_id = l.proposed_sku_id, multiplier = 1, mapped_at = ${ctx.now}, proposed_sku_id = null, proposed_by = null,
            wanted_version = l.wanted_version + 1, wanted_at = coalesce(l.wanted_at, ${ctx.now}), push_failures = 0, push_due_at = null, push_cause = null,
            version = l.version + 1, updated_at = ${ctx.now}
        from chosen where l.id = chosen.id
        returning l.id as "listingId", l.shop_id as "shopId"`,
  );
  if (mapped.length === 0) return [];
  await writeAudit(ctx, {
    action: 'listing.proposals_accepted',
    subjectKind: 'shop',
    subjectId: shopId,
    data: { listings: mapped.length, chosen: listingIds === 'all' ? 'all' : listingIds },
  });
  announceMapped(ctx, 'listing.mapped', mapped);
  return mapped.map((listing) => listing.listingId);
}
