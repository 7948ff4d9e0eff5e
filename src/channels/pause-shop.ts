import type { ShopId } from '../kernel/index.ts';
import type { Ctx } from '../platform/db/index.ts';
import { moveShop } from './move-shop.ts';

/** Stops all calls to the channel; webhooks are still stored. Throws Fault `shop.unknown`, `shop.transition_refused`. */
export async function pauseShop(ctx: Ctx, shopId: ShopId): Promise<void> {
  await moveShop(ctx, shopId, 'paused');
}
