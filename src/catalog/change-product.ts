import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, type ProductId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { firstRow, rows, type Ctx } from '../platform/db/index.ts';
import { checkTitle } from './check-products.ts';
import type { ProductState } from './product-states.ts';

/** What is absent stays. */
export type ProductChange = {
  readonly productId: ProductId;
  /** The version that was read (If-Match). */
  readonly version: number;
  readonly title?: string;
  readonly state?: ProductState;
};

/** Returns the new version. Throws Fault `product.unknown`, or `product.changed` where somebody was faster. */
export async function changeProduct(ctx: Ctx, change: ProductChange): Promise<{ version: number }> {
  authorise(ctx, 'catalog:write');
  const title = change.title === undefined ? null : checkTitle(change.title, 'title');
  const changed = await firstRow<{ version: number }>(
    ctx.tx,
    sql`update products
        set title = coalesce(${title}, title), state = coalesce(${change.state ?? null}, state),
            version = version + 1, updated_at = ${ctx.now}
        where id = ${change.productId} and version = ${change.version}
        returning version`,
  );
  if (changed === null) throw await refusal(ctx, change);
  await writeAudit(ctx, {
    action: 'catalog.product_changed',
    subjectKind: 'product',
    subjectId: change.productId,
    data: { ...(title === null ? {} : { title }), ...(change.state === undefined ? {} : { state: change.state }) },
  });
  return changed;
}

async function refusal(ctx: Ctx, { productId, version }: ProductChange): Promise<Fault> {
  const found = await rows<{ version: number }>(ctx.tx, sql`select version from products where id = ${productId}`);
  const [current] = found;
  if (current === undefined) return new Fault('not_found', 'product.unknown', { data: { productId } });
  return new Fault('precondition_failed', 'product.changed', {
    message: `the product is at version ${current.version}, not ${version}`,
    data: { productId, version: current.version },
  });
}
