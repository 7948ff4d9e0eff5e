import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { ShopId } from '../kernel/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';
import { shopLane } from './lane.ts';

/** Every number of a shop may have changed (its warehouses or locations did): all mapped listings are to be told again. */
export async function bumpShopListings(ctx: Ctx, shopId: ShopId): Promise<void> {
  authorise(ctx, 'shops:write');
  await rows(
    ctx.tx,
    sql`with changed as (
          select id from listings where shop_id = ${shopId} and sku_id is not null order by id for no key update
        )
        update listings l set wanted_version = l.wanted_version + 1, wanted_at = coalesce(l.wanted_at, ${ctx.now})
        from changed where l.id = changed.id`,
  );
  ctx.rings.add(shopLane(shopId));
}
