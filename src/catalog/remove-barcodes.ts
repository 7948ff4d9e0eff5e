import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { SkuId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { checkBatch } from './check-products.ts';

/** Takes barcodes off a SKU; those it does not have are left alone. Returns how many went. */
export async function removeBarcodes(ctx: Ctx, input: { skuId: SkuId; barcodes: readonly string[] }): Promise<number> {
  authorise(ctx, 'catalog:write');
  checkBatch(input.barcodes, 'barcodes');
  const removed = await rows<{ code: string }>(
    ctx.tx,
    sql`delete from barcodes where sku_id = ${input.skuId} and code = any(${list('text', input.barcodes)}) returning code`,
  );
  if (removed.length === 0) return 0;
  await writeAudit(ctx, {
    action: 'catalog.barcodes_removed',
    subjectKind: 'sku',
    subjectId: input.skuId,
    data: { barcodes: removed.map((row) => row.code) },
  });
  return removed.length;
}
