import type { Sandbox } from '../../../connectors/sandbox/fake/index.ts';
import type { ChannelListing } from '../../connector-kit/index.ts';

/** A listing of a sandbox shop, which has a SKU code everywhere. */
export type SandboxListing = ChannelListing & { readonly sku: string };

/** What a sandbox shop lists, as its connector would read it; without prices. */
export function listingsOf({ state }: Sandbox): SandboxListing[] {
  return state.listings.map((listing) => ({
    externalId: listing.id,
    parentExternalId: listing.productId,
    sku: listing.sku,
    barcode: listing.barcode,
    title: listing.title,
    price: null,
    isActive: true,
    tracksStock: listing.tracksStock,
  }));
}
