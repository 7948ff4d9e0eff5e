import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { ShopId } from '../kernel/index.ts';
import { firstRow, type Ctx } from '../platform/db/index.ts';
import { announce } from './announce.ts';
import { closeShopExceptions } from './health-exceptions.ts';
import { breakerOpensAt } from './health-policy.ts';

/** `call` is any answer; the others say what came of it: an order read, stock told, tracking announced. */
export type ShopSuccess = 'call' | 'order' | 'stock' | 'tracking';

/** Writes down that the channel answered: closes the breaker, ends the pause and its exceptions. */
export async function recordShopSuccess(ctx: Ctx, shopId: ShopId, what: ShopSuccess): Promise<void> {
  authorise(ctx, 'shops:write');
  const before = await firstRow<{ failures: number }>(
    ctx.tx,
    sql`with before as (select shop_id, failures from shop_health where shop_id = ${shopId} for update)
        update shop_health h
        set last_call_at = ${ctx.now}, failures = 0, paused_until = null,
            last_order_at = case when ${what}::text = 'order' then ${ctx.now} else h.last_order_at end,
            last_stock_at = case when ${what}::text = 'stock' then ${ctx.now} else h.last_stock_at end,
            last_tracking_at = case when ${what}::text = 'tracking' then ${ctx.now} else h.last_tracking_at end
        from before where h.shop_id = before.shop_id
        returning before.failures`,
  );
  if (before === null || before.failures === 0) return;
  await closeShopExceptions(ctx, shopId);
  if (before.failures >= breakerOpensAt) announce(ctx, { kind: 'shop.recovered', shopId });
}
