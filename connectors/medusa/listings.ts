import type { ChannelListing, ListingsCapability, Pull } from '../../src/connector-kit/index.ts';
import { getMedusa, type MedusaIo } from './client.ts';
import { listingFields } from './fields.ts';
import { ownedItemOf } from './owned-item.ts';
import type { MedusaSettings } from './settings.ts';
import { wireListingPage } from './wire.ts';

/** Offset paging by creation: new variants come at the end; one deleted meanwhile moves rows back, so pages overlap. */
export type ListingsState = { readonly offset: number };

const pageSizeMax = 100;
const overlapRows = 5;

export const listings: ListingsCapability<MedusaSettings, ListingsState> = {
  pull: { pageSizeMax, firstPage: 'offset', direction: 'ascending', overlapMs: 0, windowMs: null, lagMs: 0 },
  pullListings,
};

type WireListing = (typeof wireListingPage)['_output']['variants'][number];

/** All variants, oldest first; every poll starts from the beginning. */
async function pullListings(io: MedusaIo, state: ListingsState | null): Promise<Pull<ChannelListing, ListingsState>> {
  const offset = state?.offset ?? 0;
  const { variants } = await getMedusa(
    io,
    '/product-variants',
    [
      ['order', 'created_at'],
      ['limit', String(pageSizeMax)],
      ['offset', String(offset)],
      ['fields', listingFields],
    ],
    wireListingPage,
  );
  const next = variants.length === pageSizeMax ? { offset: offset + pageSizeMax - overlapRows } : null;
  return { items: variants.map(toListing), next, resume: next ?? { offset: 0 } };
}

function toListing(variant: WireListing): ChannelListing {
  return {
    externalId: variant.id,
    parentExternalId: variant.product?.id ?? null,
    sku: variant.sku || null,
    barcode: variant.barcode || variant.ean || variant.upc || null,
    title: [variant.product?.title, variant.title].filter(Boolean).join(', '),
    price: priceOf(variant),
    isActive: variant.product?.status === 'published',
    tracksStock: ownedItemOf(variant) !== null,
  };
}

/** Where there is one currency; with several, none of them is the price. */
function priceOf({ prices }: WireListing): string | null {
  const plain = (prices ?? []).filter(
    (price) =>
      (price.amount ?? null) !== null &&
      (price.min_quantity ?? null) === null &&
      Object.keys(price.rules ?? {}).length === 0,
  );
  const [price, ...others] = plain;
  return price === undefined || others.length > 0 ? null : String(price.amount);
}
