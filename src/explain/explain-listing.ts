import type { ShopDeps } from '../channels/index.ts';
import type { ListingId } from '../kernel/index.ts';
import { readClock } from '../platform/db/index.ts';
import type { Language } from '../platform/i18n/index.ts';
import { sayTale, type Explanation } from './explanation.ts';
import { readListingFacts } from './listing/read-listing-facts.ts';
import { tellListing } from './listing/tell-listing.ts';

/**
 * Why a listing shows the number it shows, term by term, in words, read on one snapshot. Throws Fault `listing.unknown`,
 * `channel.unknown`.
 */
export async function explainListing(
  { database, connectors }: Pick<ShopDeps, 'database' | 'connectors'>,
  listingId: ListingId,
  language: Language,
): Promise<Explanation> {
  const now = await readClock(database);
  const facts = await database.snapshot((db) => readListingFacts(db, connectors, listingId, now));
  return sayTale(tellListing(facts), language, facts.timeZone);
}
