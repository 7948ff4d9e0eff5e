import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { ShopId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';
import { announce } from './announce.ts';
import { shopLane } from './lane.ts';
import { lockShop } from './locks.ts';
import { shopStates, type ShopState } from './shop-states.ts';

const eventOf = { active: 'shop.resumed', paused: 'shop.paused', removed: 'shop.removed' } as const;

/** Moves a shop to a state, audited and announced. False where it was there already. */
export async function moveShop(ctx: Ctx, shopId: ShopId, to: ShopState): Promise<boolean> {
  authorise(ctx, 'shops:write');
  const { state } = await lockShop(ctx, shopId);
  if (state === to) return false;
  shopStates.check(state, to);
  await rows(
    ctx.tx,
    sql`update shops set state = ${to}, version = version + 1, updated_at = ${ctx.now} where id = ${shopId}`,
  );
  const kind = eventOf[to];
  await writeAudit(ctx, { action: kind, subjectKind: 'shop', subjectId: shopId, data: { from: state, to } });
  announce(ctx, { kind, shopId });
  if (to === 'active') ctx.rings.add(shopLane(shopId));
  return true;
}
