import type { ChannelListing, ListingsCapability, Pull } from '../../src/connector-kit/index.ts';
import { get, type SandboxIo } from './client.ts';
import type { ShopSettings } from './settings.ts';
import { wireListingPage } from './wire.ts';

/** The vendor lists by id, ascending; the cursor is the last id. There is no change time: each poll reads all. */
export type SandboxListingState = { readonly cursor: string | null };

const pageSizeMax = 100;

async function pullListings(
  io: SandboxIo,
  state: SandboxListingState | null,
): Promise<Pull<ChannelListing, SandboxListingState>> {
  const query = { cursor: state?.cursor ?? null, limit: String(pageSizeMax) };
  const page = await get(io, '/listings', query, wireListingPage);
  return {
    items: page.listings.map((listing) => ({
      externalId: listing.id,
      parentExternalId: listing.product_id,
      sku: listing.sku,
      barcode: listing.barcode,
      title: listing.title,
      price: listing.price,
      isActive: listing.active,
      tracksStock: listing.tracks_stock,
    })),
    next: page.next_cursor === null ? null : { cursor: page.next_cursor },
    resume: { cursor: null },
  };
}

export const listings: ListingsCapability<ShopSettings, SandboxListingState> = {
  pull: { pageSizeMax, firstPage: 'keyset', direction: 'ascending', overlapMs: 0, windowMs: null, lagMs: 0 },
  pullListings,
};
