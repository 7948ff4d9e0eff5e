import type { ChannelListing, ListingsCapability, Pull } from '../../src/connector-kit/index.ts';
import { money, moneyToDecimal } from '../../src/kernel/index.ts';
import { callVendure, readWire, type VendureIo } from './client.ts';
import { listingsDocument } from './documents.ts';
import { advanceMark, filterAfter, markFrom, type Mark } from './keyset.ts';
import type { VendureSettings } from './settings.ts';
import { wireListingPage } from './wire.ts';

const pageSizeMax = 100;
const beginning = markFrom(new Date(1));

/** All variants, oldest first; every poll starts from the beginning. */
export const listings: ListingsCapability<VendureSettings, Mark> = {
  pull: { pageSizeMax, firstPage: 'keyset', direction: 'ascending', overlapMs: 0, windowMs: null, lagMs: 0 },
  pullListings,
};

async function pullListings(io: VendureIo, state: Mark | null): Promise<Pull<ChannelListing, Mark>> {
  const mark = state ?? beginning;
  const options = { take: pageSizeMax, sort: { createdAt: 'ASC' }, filter: filterAfter('createdAt', mark) };
  const data = await callVendure(io, { document: listingsDocument, variables: { options } });
  const { globalSettings, productVariants } = readWire(wireListingPage, data);
  const rows = productVariants.items.map(({ id, createdAt }) => ({ id, at: createdAt }));
  const items = productVariants.items.map((variant) => ({
    externalId: variant.id,
    parentExternalId: variant.product.id,
    sku: variant.sku === '' ? null : variant.sku,
    barcode: null,
    title: variant.name,
    price: moneyToDecimal(money(variant.priceWithTax, variant.currencyCode)),
    isActive: variant.enabled && variant.product.enabled,
    tracksStock: tracksStock(variant.trackInventory, globalSettings.trackInventory),
  }));
  const next = items.length === pageSizeMax ? advanceMark(mark, rows) : null;
  return { items, next, resume: next ?? beginning };
}

export function tracksStock(own: 'TRUE' | 'FALSE' | 'INHERIT', shop: boolean): boolean {
  return own === 'INHERIT' ? shop : own === 'TRUE';
}
