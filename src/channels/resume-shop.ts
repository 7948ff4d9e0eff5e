import { sql } from 'drizzle-orm';
import type { ShopId } from '../kernel/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';
import { closeShopExceptions } from './health-exceptions.ts';
import { moveShop } from './move-shop.ts';

/** Lets calls go on, and forgets the back-off and what had stopped them. Throws Fault `shop.unknown`, `shop.transition_refused` once removed. */
export async function resumeShop(ctx: Ctx, shopId: ShopId): Promise<void> {
  await moveShop(ctx, shopId, 'active');
  await rows(ctx.tx, sql`update shop_health set failures = 0, paused_until = null where shop_id = ${shopId}`);
  await closeShopExceptions(ctx, shopId);
}
