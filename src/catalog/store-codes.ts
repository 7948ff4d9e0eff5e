import { sql } from 'drizzle-orm';
import { compareBytes, type SkuId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { repeatedCodes, takenFault, type BarcodeDraft, type SkuDraft } from './check-products.ts';

/**
 * Writes SKUs, in the order of their codes, so that two batches with the same codes wait for each other and do not
 * deadlock. The unique key decides; who lost gets Fault `sku.code_taken` with every field.
 */
export async function storeSkus(ctx: Ctx, drafts: readonly SkuDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  const repeated = repeatedCodes(drafts);
  if (repeated.length > 0) throw takenFault('sku.code_taken', repeated);
  const sorted = drafts.toSorted((a, b) => compareBytes(a.code, b.code));
  const stored = await rows<{ code: string }>(
    ctx.tx,
    sql`insert into skus (id, product_id, code, title, weight_g, created_at, updated_at)
        select t.id, t.product_id, t.code, t.title, t.weight_g, ${ctx.now}, ${ctx.now}
        from unnest(${list(
          'uuid',
          sorted.map((sku) => sku.skuId),
        )}, ${list(
          'uuid',
          sorted.map((sku) => sku.productId),
        )},
                    ${list(
                      'text',
                      sorted.map((sku) => sku.code),
                    )}, ${list(
                      'text',
                      sorted.map((sku) => sku.title),
                    )},
                    ${list(
                      'int4',
                      sorted.map((sku) => sku.weightG),
                    )}) as t (id, product_id, code, title, weight_g)
        on conflict (code) do nothing
        returning code`,
  );
  if (stored.length === drafts.length) return;
  const ours = new Set(stored.map((row) => row.code));
  throw takenFault(
    'sku.code_taken',
    drafts.filter((draft) => !ours.has(draft.code)),
  );
}

/**
 * Writes barcodes in key order and returns how many are new. One that the same SKU has already is no conflict; one that
 * another SKU has is Fault `barcode.taken`.
 */
export async function storeBarcodes(ctx: Ctx, drafts: readonly BarcodeDraft[]): Promise<number> {
  if (drafts.length === 0) return 0;
  const owners = new Map<string, SkuId>();
  const contested = drafts.filter(({ code, skuId }) => {
    const owner = owners.get(code) ?? skuId;
    owners.set(code, owner);
    return owner !== skuId;
  });
  if (contested.length > 0) throw takenFault('barcode.taken', contested);
  const sorted = [...owners].toSorted(([a], [b]) => compareBytes(a, b));
  const codes = list(
    'text',
    sorted.map(([code]) => code),
  );
  const stored = await rows(
    ctx.tx,
    sql`insert into barcodes (code, sku_id, created_at)
        select t.code, t.sku_id, ${ctx.now}
        from unnest(${codes}, ${list(
          'uuid',
          sorted.map(([, skuId]) => skuId),
        )}) as t (code, sku_id)
        on conflict (code) do nothing
        returning code`,
  );
  if (stored.length === owners.size) return stored.length;
  const kept = await rows<{ code: string; skuId: SkuId }>(
    ctx.tx,
    sql`select code, sku_id as "skuId" from barcodes where code = any(${codes})`,
  );
  const foreign = new Set(kept.filter((row) => owners.get(row.code) !== row.skuId).map((row) => row.code));
  if (foreign.size > 0)
    throw takenFault(
      'barcode.taken',
      drafts.filter((draft) => foreign.has(draft.code)),
    );
  return stored.length;
}
