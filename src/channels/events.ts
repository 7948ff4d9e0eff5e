import type { ListingId, ShopId } from '../kernel/index.ts';

export type ChannelEvent =
  /** The listing has a SKU, another SKU, or another multiplier: lines that waited for it may go on. */
  | { readonly kind: 'listing.mapped'; readonly listingId: ListingId; readonly shopId: ShopId }
  | { readonly kind: 'listing.unmapped'; readonly listingId: ListingId; readonly shopId: ShopId }
  | { readonly kind: 'shop.connected'; readonly shopId: ShopId }
  /** Name, settings, stock pushing: whatever may be changed. */
  | { readonly kind: 'shop.changed'; readonly shopId: ShopId }
  /** The channel answers again after the breaker had opened. */
  | { readonly kind: 'shop.recovered'; readonly shopId: ShopId }
  | { readonly kind: 'shop.paused' | 'shop.resumed' | 'shop.removed'; readonly shopId: ShopId };
