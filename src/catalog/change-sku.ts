import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, type SkuId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { firstRow, rows, type Ctx } from '../platform/db/index.ts';
import { checkTitle, checkWeight } from './check-products.ts';

/** What is absent stays. The code is what orders and labels carry and does not change. */
export type SkuChange = {
  readonly skuId: SkuId;
  /** The version that was read (If-Match). */
  readonly version: number;
  readonly title?: string;
  readonly weightG?: number | null;
};

/** Returns the new version. Throws Fault `sku.unknown`, or `sku.changed` where somebody was faster. */
export async function changeSku(ctx: Ctx, change: SkuChange): Promise<{ version: number }> {
  authorise(ctx, 'catalog:write');
  const title = change.title === undefined ? null : checkTitle(change.title, 'title');
  const setsWeight = change.weightG !== undefined;
  const weightG = checkWeight(change.weightG ?? null, 'weightG');
  const changed = await firstRow<{ version: number }>(
    ctx.tx,
    sql`update skus
        set title = coalesce(${title}, title),
            weight_g = case when ${setsWeight}::bool then ${weightG}::int4 else weight_g end,
            version = version + 1, updated_at = ${ctx.now}
        where id = ${change.skuId} and version = ${change.version}
        returning version`,
  );
  if (changed === null) throw await refusal(ctx, change);
  await writeAudit(ctx, {
    action: 'catalog.sku_changed',
    subjectKind: 'sku',
    subjectId: change.skuId,
    data: { ...(title === null ? {} : { title }), ...(setsWeight ? { weightG } : {}) },
  });
  return changed;
}

async function refusal(ctx: Ctx, { skuId, version }: SkuChange): Promise<Fault> {
  const found = await rows<{ version: number }>(ctx.tx, sql`select version from skus where id = ${skuId}`);
  const [current] = found;
  if (current === undefined) return new Fault('not_found', 'sku.unknown', { data: { skuId } });
  return new Fault('precondition_failed', 'sku.changed', {
    message: `the SKU is at version ${current.version}, not ${version}`,
    data: { skuId, version: current.version },
  });
}
