import type { StockNumber } from '../../outbound/index.ts';
import { nothing } from '../words/data.ts';
import { tell, type Sentence } from '../words/sentences.ts';
import { wordsOf } from '../words/words-of.ts';
import type { ListingFacts } from './listing-facts.ts';

export type Shown = { readonly stand: readonly Sentence[]; readonly next: readonly Sentence[] };

/** Whether the channel shows the right number, and if not, why not and what would change that. */
export function tellShown(facts: ListingFacts): Shown {
  return tellNever(facts) ?? tellPushed(facts);
}

/** Listings whose number is not told at all. */
function tellNever({ listing, shop, takesStock, number, names }: ListingFacts): Shown | null {
  const listingId = listing.externalId;
  if (!takesStock) return { stand: [tell('shown.cannot', { shop: shop.name })], next: [] };
  if (!listing.isActive) return { stand: [tell('shown.inactive', { shop: shop.name })], next: [] };
  if (!listing.tracksStock) return { stand: [tell('shown.untracked', { shop: shop.name })], next: [] };
  if (number === null) {
    const sku = names.proposedSku;
    const unmapped = tell('shown.unmapped', { shop: shop.name });
    return sku === null
      ? { stand: [unmapped], next: [tell('next.map_listing', { listing: listingId })] }
      : {
          stand: [unmapped, tell('shown.proposed', { sku })],
          next: [tell('next.accept_listing', { listing: listingId, sku, shop: shop.name })],
        };
  }
  if (shop.pushesStock) return null;
  return {
    stand: [tell('shown.not_pushed', { shop: shop.name, seen: listing.seenQuantity })],
    next: [tell('next.push_on', { shop: shop.name })],
  };
}

function tellPushed(facts: ListingFacts): Shown {
  const { number } = facts;
  if (number === null) return { stand: [], next: [] };
  const shown = compare(facts, number);
  if (shown.code === 'shown.in_step') return { stand: [shown], next: [] };
  const why = tellWhy(facts, number, shown.code === 'shown.behind');
  return { stand: [shown, ...why.stand], next: why.next.length === 0 ? [tell('next.wait', nothing)] : why.next };
}

/** What is right against what was told and what was last read back. */
function compare({ listing, shop }: ListingFacts, { saleable }: StockNumber): Sentence {
  const { toldQuantity, toldAt, seenQuantity, seenAt } = listing;
  const common = { shop: shop.name, quantity: saleable };
  if (toldQuantity !== saleable || toldAt === null) return tell('shown.behind', { ...common, told: toldQuantity });
  if (seenQuantity === null || seenAt === null || seenAt < toldAt) return tell('shown.told_unread', common);
  return seenQuantity === saleable
    ? tell('shown.in_step', common)
    : tell('shown.drift', { ...common, seen: seenQuantity });
}

function tellWhy(facts: ListingFacts, number: StockNumber, isBehind: boolean): Shown {
  const stopped = tellStopped(facts);
  if (stopped !== null) return stopped;
  const { listing, shop, waitingDocuments } = facts;
  const words = wordsOf(listing.pushCause);
  if (words !== null && listing.pushDueAt !== null) {
    const at = listing.pushDueAt;
    return words.code === 'stock.drift'
      ? {
          stand: [tell('why.drift_told_again', { shop: shop.name, at })],
          next: [tell('next.drift', { shop: shop.name })],
        }
      : {
          stand: [tell('why.refused', { shop: shop.name, words, times: listing.pushFailures, at })],
          next: [tell('next.refused', { shop: shop.name })],
        };
  }
  if (!isBehind) return { stand: [], next: [] };
  const rises = listing.toldQuantity === null || number.saleable > listing.toldQuantity;
  return {
    stand: [
      rises ? tell('why.rises', { shop: shop.name, waiting: waitingDocuments }) : tell('why.on_its_way', nothing),
    ],
    next: [],
  };
}

/** What stops every number of the shop. */
function tellStopped({ shop, health, locations, now }: ListingFacts): Shown | null {
  const name = shop.name;
  if (shop.state === 'removed') return { stand: [tell('why.shop_removed', { shop: name })], next: [] };
  if (shop.state === 'paused') {
    return { stand: [tell('why.shop_paused', { shop: name })], next: [tell('next.resume_shop', { shop: name })] };
  }
  const unmapped = locations.filter((location) => location.warehouseId === null).map((location) => location.name);
  if (unmapped.length > 0) {
    return {
      stand: [tell('why.location_unmapped', { locations: unmapped })],
      next: [tell('next.map_location', { shop: name, locations: unmapped })],
    };
  }
  if (health.pausedUntil === null || health.pausedUntil <= now) return null;
  const words = health.lastFault === null ? null : { code: health.lastFault, detail: '' };
  const times = Math.max(1, health.failures);
  return { stand: [tell('why.shop_resting', { shop: name, until: health.pausedUntil, words, times })], next: [] };
}
