import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { ListingId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

export type ToldStock = {
  readonly listingId: ListingId;
  /** The wanted version that was read together with the quantity. */
  readonly version: number;
  /** As saleable. */
  readonly quantity: number;
};

export type ToldListing = {
  readonly listingId: ListingId;
  /** Null where nothing had changed: the number was told again. */
  readonly delayMs: number | null;
};

/**
 * The channel acknowledged these numbers. The told version only rises: an answer that arrives late changes nothing. Ends the
 * listing's back-off. Answers with those that were written down, and how long each had waited since its number changed.
 */
export async function recordTold(ctx: Ctx, told: readonly ToldStock[]): Promise<ToldListing[]> {
  authorise(ctx, 'stock:write');
  if (told.length === 0) return [];
  const newest = new Map<ListingId, ToldStock>();
  for (const one of told) {
    const other = newest.get(one.listingId);
    if (other === undefined || other.version <= one.version) newest.set(one.listingId, one);
  }
  const items = [...newest.values()];
  const listingIds = list('uuid', newest.keys());
  const written = await rows<{ listingId: ListingId; wantedAt: Date | null }>(
    ctx.tx,
    sql`with locked as (select id, wanted_at from listings where id = any(${listingIds}) order by id for no key update)
        update listings l
        set told_version = t.version, told_quantity = t.quantity, told_at = ${ctx.now},
            wanted_at = case when t.version < l.wanted_version then ${ctx.now}::timestamptz end,
            push_failures = 0, push_due_at = null, push_cause = null
        from unnest(${listingIds}, ${list(
          'int8',
          items.map((item) => item.version),
        )},
                    ${list(
                      'int4',
                      items.map((item) => item.quantity),
                    )}) as t (id, version, quantity)
        join locked on locked.id = t.id
        where l.id = t.id and (l.told_version is null or l.told_version <= t.version)
        returning l.id as "listingId", locked.wanted_at as "wantedAt"`,
  );
  return written.map(({ listingId, wantedAt }) => ({
    listingId,
    delayMs: wantedAt === null ? null : ctx.now.getTime() - wantedAt.getTime(),
  }));
}
