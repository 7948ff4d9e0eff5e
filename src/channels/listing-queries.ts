import { sql, type SQL } from 'drizzle-orm';
import {
  decodeCursor,
  Fault,
  toPage,
  type ListingId,
  type Page,
  type PageRequest,
  type ShopId,
  type SkuId,
} from '../kernel/index.ts';
import { firstRow, list, rows, type AnyDb } from '../platform/db/index.ts';

export type ListingRow = {
  readonly listingId: ListingId;
  readonly shopId: ShopId;
  readonly externalId: string;
  readonly parentExternalId: string | null;
  readonly skuCode: string | null;
  readonly barcode: string | null;
  readonly title: string;
  /** Decimal text in major units, informational. */
  readonly price: string | null;
  readonly isActive: boolean;
  readonly tracksStock: boolean;
  readonly skuId: SkuId | null;
  readonly multiplier: number;
  readonly mappedAt: Date | null;
  readonly proposedSkuId: SkuId | null;
  readonly proposedBy: 'sku' | 'barcode' | null;
  readonly wantedVersion: number;
  readonly toldVersion: number | null;
  readonly toldQuantity: number | null;
  readonly toldAt: Date | null;
  readonly pushFailures: number;
  readonly pushDueAt: Date | null;
  readonly pushCause: unknown;
  readonly seenQuantity: number | null;
  readonly seenAt: Date | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

const listingColumns = sql`l.id as "listingId", l.shop_id as "shopId", l.external_id as "externalId",
  l.parent_external_id as "parentExternalId", l.sku_code as "skuCode", l.barcode, l.title, l.price,
  l.is_active as "isActive", l.tracks_stock as "tracksStock", l.sku_id as "skuId", l.multiplier,
  l.mapped_at as "mappedAt", l.proposed_sku_id as "proposedSkuId", l.proposed_by as "proposedBy",
  l.wanted_version as "wantedVersion", l.told_version as "toldVersion", l.told_quantity as "toldQuantity",
  l.told_at as "toldAt", l.push_failures as "pushFailures", l.push_due_at as "pushDueAt", l.push_cause as "pushCause",
  l.seen_quantity as "seenQuantity", l.seen_at as "seenAt", l.version, l.created_at as "createdAt",
  l.updated_at as "updatedAt"`;

/** Throws Fault `listing.unknown`. */
export async function getListing(db: AnyDb, listingId: ListingId): Promise<ListingRow> {
  const listing = await firstRow<ListingRow>(
    db,
    sql`select ${listingColumns} from listings l where l.id = ${listingId}`,
  );
  if (listing === null) throw new Fault('not_found', 'listing.unknown', { data: { listingId } });
  return listing;
}

export const listingStates = ['mapped', 'unmapped', 'proposed', 'to_tell', 'failing'] as const;
export type ListingState = (typeof listingStates)[number];

export type ListingFilters = {
  readonly shopId?: ShopId | null;
  readonly skuId?: SkuId | null;
  readonly state?: ListingState | null;
  /** The beginning of the channel's SKU code or the exact external id, or a part of the title. */
  readonly search?: string | null;
};

/** Word for word the condition of the index `listings_to_tell`. */
const isToTell = sql`l.sku_id is not null and l.tracks_stock and l.is_active
  and (l.told_version is null or l.told_version < l.wanted_version)`;

const stateConditions: Readonly<Record<ListingState, SQL>> = {
  mapped: sql`l.sku_id is not null`,
  unmapped: sql`l.sku_id is null`,
  proposed: sql`l.sku_id is null and l.proposed_sku_id is not null`,
  to_tell: isToTell,
  failing: sql`l.push_failures > 0`,
};

/** Listings by shop and external id. */
export async function listListings(
  db: AnyDb,
  page: PageRequest,
  filters: ListingFilters = {},
): Promise<Page<ListingRow>> {
  const [shop, external] = page.after === null ? [null, null] : decodeCursor(page.after, 2);
  const conditions = [
    shop === null || external === null
      ? sql`true`
      : sql`(l.shop_id, l.external_id) > (${shop}::uuid, ${external}::text)`,
    ...filterConditions(filters),
  ];
  const found = await rows<ListingRow>(
    db,
    sql`select ${listingColumns} from listings l where ${sql.join(conditions, sql` and `)}
        order by l.shop_id, l.external_id limit ${page.limit + 1}`,
  );
  return toPage(found, page.limit, (listing) => [listing.shopId, listing.externalId]);
}

function filterConditions({ shopId, skuId, state, search }: ListingFilters): SQL[] {
  const text = search?.trim() ?? '';
  const like = text.replaceAll(/[\\%_]/g, (character) => `\\${character}`);
  return [
    ...(shopId ? [sql`l.shop_id = ${shopId}`] : []),
    ...(skuId ? [sql`l.sku_id = ${skuId}`] : []),
    ...(state ? [stateConditions[state]] : []),
    ...(text === ''
      ? []
      : [sql`(l.sku_code ilike ${`${like}%`} or l.external_id = ${text} or l.title ilike ${`%${like}%`})`]),
  ];
}

export type ResolvedListing = {
  readonly listingId: ListingId;
  /** Null: nobody has mapped it yet. */
  readonly skuId: SkuId | null;
  readonly multiplier: number;
};

/** What a shop's external ids mean here. One that is not known is missing from the map. */
export async function resolveListings(
  db: AnyDb,
  shopId: ShopId,
  externalIds: readonly string[],
): Promise<Map<string, ResolvedListing>> {
  if (externalIds.length === 0) return new Map();
  const found = await rows<ResolvedListing & { externalId: string }>(
    db,
    sql`select external_id as "externalId", id as "listingId", sku_id as "skuId", multiplier from listings
        where shop_id = ${shopId} and external_id = any(${list('text', externalIds)})`,
  );
  return new Map(found.map(({ externalId, ...listing }) => [externalId, listing]));
}

export type ListingToTell = {
  readonly listingId: ListingId;
  readonly externalId: string;
  readonly skuId: SkuId;
  readonly multiplier: number;
  /** Acknowledge this one, not a later one: read it together with the quantity. */
  readonly wantedVersion: number;
  readonly toldQuantity: number | null;
  readonly pushFailures: number;
};

/** Listings of a shop whose number is to be told and is not waiting after a refusal, by id, at most `limit` behind `after`. */
export async function findListingsToTell(
  db: AnyDb,
  shopId: ShopId,
  limit: number,
  now: Date,
  after: ListingId | null = null,
): Promise<ListingToTell[]> {
  return rows<ListingToTell>(
    db,
    sql`select l.id as "listingId", l.external_id as "externalId", l.sku_id as "skuId", l.multiplier,
               l.wanted_version as "wantedVersion", l.told_quantity as "toldQuantity", l.push_failures as "pushFailures"
        from listings l
        where l.shop_id = ${shopId} and ${isToTell} and (l.push_due_at is null or l.push_due_at <= ${now} or l.wanted_version > l.push_version)
          and exists (select from shops s where s.id = l.shop_id and s.pushes_stock and s.state = 'active')
          ${after === null ? sql`` : sql`and l.id > ${after}`}
        order by l.id limit ${limit}`,
  );
}

/** Shops that may be called and have a number to tell now. */
export async function findShopsToTell(db: AnyDb, now: Date): Promise<ShopId[]> {
  const found = await rows<{ shopId: ShopId }>(
    db,
    sql`select s.id as "shopId" from shops s
        join shop_health h on h.shop_id = s.id and (h.paused_until is null or h.paused_until <= ${now})
        where s.state = 'active' and s.pushes_stock
          and exists (select from listings l
                      where l.shop_id = s.id and ${isToTell} and (l.push_due_at is null or l.push_due_at <= ${now} or l.wanted_version > l.push_version))
        order by s.id`,
  );
  return found.map((row) => row.shopId);
}
