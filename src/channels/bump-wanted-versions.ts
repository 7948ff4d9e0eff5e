import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { ShopId, SkuId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { shopLane } from './lane.ts';

/**
 * The numbers of these SKUs have changed: every listing mapped to them is to be told again. One statement, locks the
 * listings by id, rings their shops' lanes. The body of a marker. An order line that was just taken in holds the key of its
 * listing until its transaction ends: a lock of the whole row would let two orders of one listing wait for each other.
 */
export async function bumpWantedVersions(ctx: Ctx, skuIds: readonly SkuId[]): Promise<void> {
  authorise(ctx, 'stock:write');
  if (skuIds.length === 0) return;
  const bumped = await rows<{ shopId: ShopId }>(
    ctx.tx,
    sql`with changed as (
          select id from listings where sku_id = any(${list('uuid', new Set(skuIds))}) order by id for no key update
        )
        update listings l set wanted_version = l.wanted_version + 1, wanted_at = coalesce(l.wanted_at, ${ctx.now})
        from changed where l.id = changed.id
        returning l.shop_id as "shopId"`,
  );
  for (const { shopId } of bumped) ctx.rings.add(shopLane(shopId));
}
