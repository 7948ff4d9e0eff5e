import { authorise } from '../identity/index.ts';
import type { SkuId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import type { Ctx } from '../platform/db/index.ts';
import { checkBatch, checkCode } from './check-products.ts';
import { announceCodes } from './events.ts';
import { checkSkusKnown } from './locks.ts';
import { storeBarcodes } from './store-codes.ts';

export type NewBarcodes = { readonly skuId: SkuId; readonly barcodes: readonly string[] };

/**
 * Gives SKUs more barcodes; one that the SKU has already is left alone. Returns how many are new. Throws Fault
 * `sku.unknown`, `input.invalid` or `barcode.taken`, which name the fields (`skus.0.barcodes.1`).
 */
export async function addBarcodes(ctx: Ctx, additions: readonly NewBarcodes[]): Promise<number> {
  authorise(ctx, 'catalog:write');
  checkBatch(additions, 'skus');
  const drafts = additions.flatMap(({ skuId, barcodes }, at) =>
    barcodes.map((barcode, nth) => {
      const path = `skus.${at}.barcodes.${nth}`;
      return { code: checkCode(barcode, path), skuId, path };
    }),
  );
  const skuIds = additions.map((addition) => addition.skuId);
  await checkSkusKnown(ctx, skuIds);
  const added = await storeBarcodes(ctx, drafts);
  if (added === 0) return 0;
  await writeAudit(ctx, {
    action: 'catalog.barcodes_added',
    subjectKind: 'sku',
    subjectId: additions.length === 1 ? (additions[0]?.skuId ?? null) : null,
    data: { barcodes: added },
  });
  announceCodes(ctx, skuIds);
  return added;
}
