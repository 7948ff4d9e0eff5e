import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { ListingId, ShopId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { shopLane } from './lane.ts';
import { lockListingsByExternalIds } from './locks.ts';

export type SeenStock = {
  readonly listingExternalId: string;
  /** What a buyer can buy, as the channel says; below zero counts as none. */
  readonly saleable: number;
};

/**
 * Writes down what a channel showed when it was read back. A number that differs from the one told is drift: the listing is
 * to be told again, unless a push is due anyway. Returns those that drifted.
 */
export async function recordSeenStock(ctx: Ctx, shopId: ShopId, seen: readonly SeenStock[]): Promise<ListingId[]> {
  authorise(ctx, 'stock:write');
  const quantities = new Map(seen.map((item) => [item.listingExternalId, Math.max(0, item.saleable)]));
  if (quantities.size === 0) return [];
  await lockListingsByExternalIds(ctx, shopId, [...quantities.keys()]);
  const written = await rows<{ listingId: ListingId; isDrifted: boolean }>(
    ctx.tx,
    sql`with seen as (
          select l.id, t.quantity,
                 l.sku_id is not null and l.is_active and l.tracks_stock and l.told_version = l.wanted_version
                   and l.told_quantity <> t.quantity as is_drifted
          from unnest(${list('text', quantities.keys())}, ${list('int4', quantities.values())}) as t (external_id, quantity)
          join listings l on l.shop_id = ${shopId} and l.external_id = t.external_id
        )
        update listings l
        set seen_quantity = seen.quantity, seen_at = ${ctx.now},
            wanted_version = l.wanted_version + case when seen.is_drifted then 1 else 0 end,
            wanted_at = case when seen.is_drifted then coalesce(l.wanted_at, ${ctx.now}) else l.wanted_at end
        from seen where l.id = seen.id
        returning l.id as "listingId", coalesce(seen.is_drifted, false) as "isDrifted"`,
  );
  const drifted = written.filter((row) => row.isDrifted).map((row) => row.listingId);
  if (drifted.length > 0) ctx.rings.add(shopLane(shopId));
  return drifted;
}
