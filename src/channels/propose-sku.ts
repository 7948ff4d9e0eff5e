import type { SkuId } from '../kernel/index.ts';

export type Proposal = { readonly skuId: SkuId; readonly by: 'sku' | 'barcode' };

/**
 * The SKU that a listing probably is: the one with exactly its SKU code, else the one with exactly its barcode. Both keys are
 * unique, so there is never a choice. Only a proposal: that a seller wrote the same code twice does not make it the same thing.
 */
export function proposeSku(
  listing: { readonly sku: string | null; readonly barcode: string | null },
  byCode: ReadonlyMap<string, SkuId>,
  byBarcode: ReadonlyMap<string, SkuId>,
): Proposal | null {
  const coded = listing.sku === null ? undefined : byCode.get(listing.sku);
  if (coded !== undefined) return { skuId: coded, by: 'sku' };
  const scanned = listing.barcode === null ? undefined : byBarcode.get(listing.barcode);
  return scanned === undefined ? null : { skuId: scanned, by: 'barcode' };
}
