import type { SkuId } from '../kernel/index.ts';
import type { Ctx } from '../platform/db/index.ts';

/** SKUs that got a code or a barcode: listings that wait for a match may have one now. */
export type CatalogEvent = { readonly kind: 'sku.coded'; readonly skuIds: readonly SkuId[] };

export function announceCodes(ctx: Ctx, skuIds: readonly SkuId[]): void {
  const event: CatalogEvent = { kind: 'sku.coded', skuIds };
  if (skuIds.length > 0) ctx.events.push(event);
}
