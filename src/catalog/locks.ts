import { sql } from 'drizzle-orm';
import { Fault, type SkuId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

/** Holds SKUs against removal, in key order. Throws Fault `sku.unknown`, which names the first field (`skus.2.skuId`). */
export async function checkSkusKnown(ctx: Ctx, skuIds: readonly SkuId[]): Promise<void> {
  const found = await rows<{ id: SkuId }>(
    ctx.tx,
    sql`select id from skus where id = any(${list('uuid', skuIds)}) order by id for key share`,
  );
  const known = new Set(found.map((row) => row.id));
  const at = skuIds.findIndex((id) => !known.has(id));
  if (at === -1) return;
  const path = `skus.${at}.skuId`;
  const message = 'is not a SKU';
  throw new Fault('not_found', 'sku.unknown', {
    message: `${path}: ${message}`,
    fields: [{ path, code: 'sku.unknown', message }],
  });
}
