import { sql } from 'drizzle-orm';
import { Fault, type ListingId, type ShopId, type SkuId } from '../kernel/index.ts';
import { firstRow, list, rows, type Ctx } from '../platform/db/index.ts';
import type { ShopState } from './shop-states.ts';

export type LockedShop = {
  readonly shopId: ShopId;
  readonly channel: string;
  readonly state: ShopState;
  readonly version: number;
  readonly pushesStock: boolean;
};

/** Throws Fault `shop.unknown`. */
export async function lockShop(ctx: Ctx, shopId: ShopId): Promise<LockedShop> {
  const shop = await firstRow<LockedShop>(
    ctx.tx,
    sql`select id as "shopId", channel, state, version, pushes_stock as "pushesStock" from shops
        where id = ${shopId} for update`,
  );
  if (shop === null) throw new Fault('not_found', 'shop.unknown', { data: { shopId } });
  return shop;
}

export type LockedListing = {
  readonly listingId: ListingId;
  readonly shopId: ShopId;
  readonly skuId: SkuId | null;
  readonly multiplier: number;
};

/**
 * Listings are the last in the lock order (DESIGN §1.3) and are locked by id, never with their key: lines that are being taken
 * in refer to it. Unknown ids are missing from the map.
 */
export async function lockListings(ctx: Ctx, listingIds: readonly ListingId[]): Promise<Map<ListingId, LockedListing>> {
  const found = await rows<LockedListing>(
    ctx.tx,
    sql`select id as "listingId", shop_id as "shopId", sku_id as "skuId", multiplier from listings
        where id = any(${list('uuid', listingIds)}) order by id for no key update`,
  );
  return new Map(found.map((listing) => [listing.listingId, listing]));
}

/** Locks the listings of a shop that the channel knows by these ids; ids that are new here are not locked. */
export async function lockListingsByExternalIds(
  ctx: Ctx,
  shopId: ShopId,
  externalIds: readonly string[],
): Promise<void> {
  await rows(
    ctx.tx,
    sql`select 1 from listings where shop_id = ${shopId} and external_id = any(${list('text', externalIds)})
        order by id for no key update`,
  );
}
