import { sql } from 'drizzle-orm';
import type { ShopId } from '../kernel/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';
import { closeShopExceptions } from './health-exceptions.ts';
import { moveShop } from './move-shop.ts';

/**
 * Takes a shop out of service for good. Orders, listings and history stay; the credentials are gone at once, and its
 * webhooks are answered 410. The data key stays until the raw documents it seals are deleted. Throws Fault `shop.unknown`.
 */
export async function removeShop(ctx: Ctx, shopId: ShopId): Promise<void> {
  if (!(await moveShop(ctx, shopId, 'removed'))) return;
  await rows(
    ctx.tx,
    sql`update shops set secrets = ''::bytea, pushes_stock = false, removed_at = ${ctx.now} where id = ${shopId}`,
  );
  await rows(ctx.tx, sql`delete from shop_cursors where shop_id = ${shopId}`);
  await closeShopExceptions(ctx, shopId);
}
