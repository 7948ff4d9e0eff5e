import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { newId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { checkBatch, checkTitle, draftSkus, type CreatedProduct, type NewProduct } from './check-products.ts';
import { announceCodes } from './events.ts';
import { storeBarcodes, storeSkus } from './store-codes.ts';

/**
 * Creates products with their SKUs and barcodes, all or none, at most 1,000 in a call. The answer is in the order of the
 * input. Throws Fault `input.invalid`, `sku.code_taken` or `barcode.taken`, which name the fields (`products.0.skus.1.code`).
 */
export async function createProducts(ctx: Ctx, products: readonly NewProduct[]): Promise<CreatedProduct[]> {
  authorise(ctx, 'catalog:write');
  checkBatch(products, 'products');
  const drafts = products.map((product, at) => {
    const productId = newId<'product'>();
    const title = checkTitle(product.title, `products.${at}.title`);
    return { productId, title, ...draftSkus(productId, product.skus, `products.${at}.skus`) };
  });
  await rows(
    ctx.tx,
    sql`insert into products (id, title, created_at, updated_at)
        select t.id, t.title, ${ctx.now}, ${ctx.now}
        from unnest(${list(
          'uuid',
          drafts.map((draft) => draft.productId),
        )},
                    ${list(
                      'text',
                      drafts.map((draft) => draft.title),
                    )}) as t (id, title)`,
  );
  const skus = drafts.flatMap((draft) => draft.skus);
  await storeSkus(ctx, skus);
  await storeBarcodes(
    ctx,
    drafts.flatMap((draft) => draft.barcodes),
  );
  await writeAudit(ctx, {
    action: 'catalog.products_created',
    subjectKind: 'product',
    subjectId: drafts.length === 1 ? (drafts[0]?.productId ?? null) : null,
    data: { products: drafts.length, skus: skus.length },
  });
  announceCodes(
    ctx,
    skus.map((sku) => sku.skuId),
  );
  return drafts.map((draft) => ({
    productId: draft.productId,
    skus: draft.skus.map(({ skuId, code }) => ({ skuId, code })),
  }));
}
