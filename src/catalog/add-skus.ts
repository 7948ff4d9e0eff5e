import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, type ProductId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { checkBatch, draftSkus, type CreatedSku, type NewSku } from './check-products.ts';
import { announceCodes } from './events.ts';
import { storeBarcodes, storeSkus } from './store-codes.ts';

export type NewProductSkus = { readonly productId: ProductId; readonly skus: readonly NewSku[] };

/** Adds SKUs to products that exist. Faults as in `createProducts`, and `product.unknown`. */
export async function addSkus(ctx: Ctx, additions: readonly NewProductSkus[]): Promise<CreatedSku[]> {
  authorise(ctx, 'catalog:write');
  checkBatch(additions, 'products');
  const drafts = additions.map(({ productId, skus }, at) => draftSkus(productId, skus, `products.${at}.skus`));
  await checkProductsKnown(
    ctx,
    additions.map((addition) => addition.productId),
  );
  const skus = drafts.flatMap((draft) => draft.skus);
  await storeSkus(ctx, skus);
  await storeBarcodes(
    ctx,
    drafts.flatMap((draft) => draft.barcodes),
  );
  await writeAudit(ctx, {
    action: 'catalog.skus_added',
    subjectKind: 'product',
    subjectId: additions.length === 1 ? (additions[0]?.productId ?? null) : null,
    data: { skus: skus.length },
  });
  announceCodes(
    ctx,
    skus.map((sku) => sku.skuId),
  );
  return skus.map(({ skuId, code }) => ({ skuId, code }));
}

async function checkProductsKnown(ctx: Ctx, productIds: readonly ProductId[]): Promise<void> {
  const found = await rows<{ id: ProductId }>(
    ctx.tx,
    sql`select id from products where id = any(${list('uuid', productIds)}) order by id for share`,
  );
  const known = new Set(found.map((row) => row.id));
  const at = productIds.findIndex((id) => !known.has(id));
  if (at === -1) return;
  const path = `products.${at}.productId`;
  const message = 'is not a product';
  throw new Fault('not_found', 'product.unknown', {
    message: `${path}: ${message}`,
    fields: [{ path, code: 'product.unknown', message }],
  });
}
