import { sql } from 'drizzle-orm';
import { readSkus } from '../catalog/index.ts';
import { authorise } from '../identity/index.ts';
import { Fault, invalidField, type ListingId, type SkuId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { announceMapped, type MappedListing } from './announce-mapped.ts';
import { lockListings } from './locks.ts';
import { listingBatchMax } from './store-listings.ts';

export type ListingMapping = {
  readonly listingId: ListingId;
  readonly skuId: SkuId;
  /** SKU units in one unit of the listing (a six-pack is 6). */
  readonly multiplier: number;
};

const multiplierMax = 10_000;

/**
 * Maps listings to SKUs, anew or again, at most 1,000 in a call, and returns those that changed. Orders keep the parts they
 * were taken in with; lines that waited get theirs. Throws Fault `listing.unknown`, `sku.unknown` or `input.invalid`, which
 * name the field (`mappings.0.skuId`).
 */
export async function mapListings(ctx: Ctx, mappings: readonly ListingMapping[]): Promise<ListingId[]> {
  authorise(ctx, 'shops:write');
  checkMappings(mappings);
  const skus = await readSkus(ctx.tx, [...new Set(mappings.map((mapping) => mapping.skuId))]);
  refuseUnknown(mappings, 'skuId', 'sku.unknown', (mapping) => skus.has(mapping.skuId));
  const locked = await lockListings(
    ctx,
    mappings.map((mapping) => mapping.listingId),
  );
  refuseUnknown(mappings, 'listingId', 'listing.unknown', (mapping) => locked.has(mapping.listingId));
  const changed = mappings.filter(({ listingId, skuId, multiplier }) => {
    const now = locked.get(listingId);
    return now?.skuId !== skuId || now.multiplier !== multiplier;
  });
  if (changed.length === 0) return [];
  const mapped = await rows<MappedListing>(
    ctx.tx,
    sql`update listings l
        set sku_id = t.sku_id, multiplier = t.multiplier, mapped_at = ${ctx.now}, proposed_sku_id = null, proposed_by = null,
            wanted_version = l.wanted_version + 1, wanted_at = coalesce(l.wanted_at, ${ctx.now}), push_failures = 0, push_due_at = null, push_cause = null,
            version = l.version + 1, updated_at = ${ctx.now}
        from unnest(${list(
          'uuid',
          changed.map((mapping) => mapping.listingId),
        )},
                    ${list(
                      'uuid',
                      changed.map((mapping) => mapping.skuId),
                    )},
                    ${list(
                      'int4',
                      changed.map((mapping) => mapping.multiplier),
                    )}) as t (id, sku_id, multiplier)
        where l.id = t.id
        returning l.id as "listingId", l.shop_id as "shopId"`,
  );
  await writeAudit(ctx, {
    action: 'listing.mapped',
    subjectKind: 'listing',
    subjectId: changed.length === 1 ? (changed[0]?.listingId ?? null) : null,
    data: { mappings: changed },
  });
  announceMapped(ctx, 'listing.mapped', mapped);
  return mapped.map((listing) => listing.listingId);
}

function checkMappings(mappings: readonly ListingMapping[]): void {
  if (mappings.length === 0) throw invalidField('mappings', 'input.empty', 'must not be empty');
  if (mappings.length > listingBatchMax) {
    throw invalidField('mappings', 'input.too_many', `must have at most ${listingBatchMax} items`);
  }
  const seen = new Set<ListingId>();
  for (const [at, { listingId, multiplier }] of mappings.entries()) {
    if (!Number.isInteger(multiplier) || multiplier < 1 || multiplier > multiplierMax) {
      const message = `must be a whole number from 1 to ${multiplierMax}`;
      throw invalidField(`mappings.${at}.multiplier`, 'listing.bad_multiplier', message);
    }
    if (seen.size === seen.add(listingId).size) {
      throw invalidField(`mappings.${at}.listingId`, 'listing.repeated', 'stands twice in the list');
    }
  }
}

function refuseUnknown(
  mappings: readonly ListingMapping[],
  field: keyof ListingMapping,
  code: string,
  isKnown: (mapping: ListingMapping) => boolean,
): void {
  const at = mappings.findIndex((mapping) => !isKnown(mapping));
  if (at === -1) return;
  const path = `mappings.${at}.${field}`;
  const message = 'does not exist';
  throw new Fault('not_found', code, { message: `${path}: ${message}`, fields: [{ path, code, message }] });
}
