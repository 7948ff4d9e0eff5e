import { sql } from 'drizzle-orm';
import { findSkusByBarcodes, findSkusByCodes } from '../catalog/index.ts';
import type { ChannelListing } from '../connector-kit/index.ts';
import { authorise } from '../identity/index.ts';
import { Fault, newId, type ShopId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { shopLane } from './lane.ts';
import { lockListingsByExternalIds } from './locks.ts';
import { proposeSku } from './propose-sku.ts';

export const listingBatchMax = 1_000;

export type StoredListings = { readonly created: number; readonly changed: number; readonly unchanged: number };

/**
 * Stores what a shop sells, at most 1,000 listings in a constant number of statements; of two with one external id the later
 * counts. A listing without a SKU gets a proposal by its exact SKU code, else its exact barcode; a mapping is never touched.
 * One that begins to be sold or counted again is to be told again. Throws Fault `listing.too_many`.
 */
export async function storeListings(
  ctx: Ctx,
  shopId: ShopId,
  channelListings: readonly ChannelListing[],
): Promise<StoredListings> {
  authorise(ctx, 'shops:write');
  if (channelListings.length > listingBatchMax) {
    throw new Fault('invalid', 'listing.too_many', { message: `at most ${listingBatchMax} listings in a call` });
  }
  const latest = [...new Map(channelListings.map((listing) => [listing.externalId, listing])).values()];
  if (latest.length === 0) return { created: 0, changed: 0, unchanged: 0 };
  await lockListingsByExternalIds(
    ctx,
    shopId,
    latest.map((listing) => listing.externalId),
  );
  const stored = await upsert(ctx, shopId, latest);
  if (stored.some((row) => row.isToTell)) ctx.rings.add(shopLane(shopId));
  const created = stored.filter((row) => row.isNew).length;
  return { created, changed: stored.length - created, unchanged: latest.length - stored.length };
}

async function upsert(
  ctx: Ctx,
  shopId: ShopId,
  latest: readonly ChannelListing[],
): Promise<{ isNew: boolean; isToTell: boolean }[]> {
  const byCode = await findSkusByCodes(ctx.tx, texts(latest, 'sku'));
  const byBarcode = await findSkusByBarcodes(ctx.tx, texts(latest, 'barcode'));
  const proposals = latest.map((listing) => proposeSku(listing, byCode, byBarcode));
  return rows(
    ctx.tx,
    sql`insert into listings (id, shop_id, external_id, parent_external_id, sku_code, barcode, title, price, is_active,
                              tracks_stock, proposed_sku_id, proposed_by, created_at, updated_at)
        select t.id, ${shopId}, t.external_id, t.parent_external_id, t.sku_code, t.barcode, t.title, t.price, t.is_active,
               t.tracks_stock, t.proposed_sku_id, t.proposed_by, ${ctx.now}, ${ctx.now}
        from unnest(${list(
          'uuid',
          latest.map(() => newId<'listing'>()),
        )},
                    ${list(
                      'text',
                      latest.map((listing) => listing.externalId),
                    )},
                    ${list(
                      'text',
                      latest.map((listing) => listing.parentExternalId),
                    )},
                    ${list(
                      'text',
                      latest.map((listing) => listing.sku),
                    )},
                    ${list(
                      'text',
                      latest.map((listing) => listing.barcode),
                    )},
                    ${list(
                      'text',
                      latest.map((listing) => listing.title),
                    )},
                    ${list(
                      'text',
                      latest.map((listing) => listing.price),
                    )},
                    ${list(
                      'bool',
                      latest.map((listing) => listing.isActive),
                    )},
                    ${list(
                      'bool',
                      latest.map((listing) => listing.tracksStock),
                    )},
                    ${list(
                      'uuid',
                      proposals.map((proposal) => proposal?.skuId),
                    )},
                    ${list(
                      'text',
                      proposals.map((proposal) => proposal?.by),
                    )})
             as t (id, external_id, parent_external_id, sku_code, barcode, title, price, is_active, tracks_stock,
                   proposed_sku_id, proposed_by)
        on conflict (shop_id, external_id) do update
        set parent_external_id = excluded.parent_external_id, sku_code = excluded.sku_code, barcode = excluded.barcode,
            title = excluded.title, price = excluded.price, is_active = excluded.is_active,
            tracks_stock = excluded.tracks_stock,
            proposed_sku_id = case when listings.sku_id is null then excluded.proposed_sku_id end,
            proposed_by = case when listings.sku_id is null then excluded.proposed_by end,
            wanted_version = listings.wanted_version
              + case when ${returns} then 1 else 0 end,
            wanted_at = case when ${returns} then coalesce(listings.wanted_at, ${ctx.now}) else listings.wanted_at end,
            version = listings.version + 1, updated_at = excluded.updated_at
        where (listings.parent_external_id, listings.sku_code, listings.barcode, listings.title, listings.price,
               listings.is_active, listings.tracks_stock)
              is distinct from
              (excluded.parent_external_id, excluded.sku_code, excluded.barcode, excluded.title, excluded.price,
               excluded.is_active, excluded.tracks_stock)
           or (listings.sku_id is null and (listings.proposed_sku_id, listings.proposed_by)
               is distinct from (excluded.proposed_sku_id, excluded.proposed_by))
        returning (xmax = 0) as "isNew",
                  (sku_id is not null and is_active and tracks_stock and told_version is distinct from wanted_version)
                    as "isToTell"`,
  );
}

/** Off sale or uncounted until now, so that nobody knows what the channel shows. */
const returns = sql`excluded.is_active and excluded.tracks_stock and not (listings.is_active and listings.tracks_stock)`;

function texts(listings: readonly ChannelListing[], field: 'sku' | 'barcode'): string[] {
  return [...new Set(listings.flatMap((listing) => listing[field] ?? []))];
}
