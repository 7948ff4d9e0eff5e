import type { ChannelWords, Nothing } from './data.ts';

/** Why a listing shows the number it shows, term by term. Quantities are listing units unless they say SKU units. */
export type ListingSentences = {
  'listing.title': {
    readonly title: string;
    readonly listing: string;
    readonly sku: string | null;
    readonly shop: string;
  };

  'heading.number': { readonly now: Date };
  'heading.places': Nothing;
  'heading.channel': Nothing;

  'shown.in_step': { readonly shop: string; readonly quantity: number };
  'shown.told_unread': { readonly shop: string; readonly quantity: number };
  'shown.drift': { readonly shop: string; readonly seen: number; readonly quantity: number };
  'shown.behind': { readonly shop: string; readonly told: number | null; readonly quantity: number };
  'shown.unmapped': { readonly shop: string };
  'shown.proposed': { readonly sku: string };
  'shown.not_pushed': { readonly shop: string; readonly seen: number | null };
  'shown.untracked': { readonly shop: string };
  'shown.inactive': { readonly shop: string };
  'shown.cannot': { readonly shop: string };

  /** SKU units. */
  'term.level': {
    readonly warehouse: string;
    readonly onHand: number;
    readonly reserved: number;
    readonly free: number;
  };
  'term.no_warehouse': { readonly shop: string };
  /** SKU units. */
  'term.claim': { readonly shop: string; readonly isOwn: boolean; readonly units: number; readonly orders: number };
  'term.no_claim': Nothing;
  /** SKU units. */
  'term.promise': { readonly units: number };
  'term.oversold': Nothing;
  /** `promised` and `leftOver` in SKU units. */
  'term.multiplier': {
    readonly promised: number;
    readonly multiplier: number;
    readonly quantity: number;
    readonly leftOver: number;
  };
  'term.saleable': { readonly quantity: number };
  'term.add_back': { readonly open: number; readonly inFlight: number; readonly units: number; readonly shop: string };
  'term.sent': { readonly quantity: number; readonly shop: string };
  'term.location': { readonly location: string; readonly warehouse: string; readonly quantity: number };

  'told.at': { readonly quantity: number; readonly at: Date };
  'told.never': Nothing;
  'seen.at': { readonly quantity: number; readonly at: Date };
  'seen.before': { readonly quantity: number; readonly at: Date };
  'seen.never': Nothing;

  'why.shop_paused': { readonly shop: string };
  'why.shop_removed': { readonly shop: string };
  'why.shop_resting': {
    readonly shop: string;
    readonly until: Date;
    readonly words: ChannelWords | null;
    readonly times: number;
  };
  'why.location_unmapped': { readonly locations: readonly string[] };
  'why.refused': { readonly shop: string; readonly words: ChannelWords; readonly times: number; readonly at: Date };
  'why.drift_told_again': { readonly shop: string; readonly at: Date };
  'why.rises': { readonly shop: string; readonly waiting: number };
  'why.on_its_way': Nothing;

  'next.fine': Nothing;
  'next.wait': Nothing;
  'next.push_on': { readonly shop: string };
  'next.map_listing': { readonly listing: string };
  'next.accept_listing': { readonly listing: string; readonly sku: string; readonly shop: string };
  'next.map_location': { readonly shop: string; readonly locations: readonly string[] };
  'next.refused': { readonly shop: string };
  'next.resume_shop': { readonly shop: string };
  'next.drift': { readonly shop: string };
};
