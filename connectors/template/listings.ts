import type { ChannelListing, ListingsCapability, Pull } from '../../src/connector-kit/index.ts';
import { get, type AcmeShopIo } from './client.ts';
import type { AcmeShopSettings } from './settings.ts';
import { wireVariantPage } from './wire.ts';

/** By id, ascending. There is no change time: each poll reads all. */
export type AcmeShopListingState = { readonly cursor: string | null };

const pageSizeMax = 100;

async function pullListings(
  io: AcmeShopIo,
  state: AcmeShopListingState | null,
): Promise<Pull<ChannelListing, AcmeShopListingState>> {
  const query = { cursor: state?.cursor ?? null, limit: String(pageSizeMax) };
  const page = await get(io, '/variants', query, wireVariantPage);
  return {
    items: page.variants.map((variant) => ({
      externalId: variant.id,
      parentExternalId: variant.product_id,
      sku: variant.sku,
      barcode: variant.barcode,
      title: variant.title,
      price: variant.price,
      isActive: variant.active,
      tracksStock: variant.counts_stock,
    })),
    next: page.next_cursor === null ? null : { cursor: page.next_cursor },
    resume: { cursor: null },
  };
}

export const listings: ListingsCapability<AcmeShopSettings, AcmeShopListingState> = {
  pull: { pageSizeMax, firstPage: 'cursor', direction: 'ascending', overlapMs: 0, windowMs: null, lagMs: 0 },
  pullListings,
};
