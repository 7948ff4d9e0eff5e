import { sql } from 'drizzle-orm';
import type { ChannelFault } from '../connector-kit/index.ts';
import { authorise } from '../identity/index.ts';
import { Fault, type ShopId } from '../kernel/index.ts';
import { firstRow, rows, type Ctx } from '../platform/db/index.ts';
import { openShopException } from './health-exceptions.ts';
import { breakerOpensAt, isShopWide, pauseAfterMs } from './health-policy.ts';
import { moveShop } from './move-shop.ts';

export type ShopFaultRecord = {
  /** Consecutive ones that concern the shop as a whole. */
  readonly failures: number;
  readonly pausedUntil: Date | null;
  readonly breaker: 'closed' | 'open';
};

/**
 * Writes down a failed call. A fault that concerns the shop as a whole counts and pauses the shop; a channel that says when
 * to come back pauses it without counting; any other is kept as the last one seen. A channel that is gone pauses the shop until a person resumes it. An open breaker and refused credentials are shown as exceptions. Throws Fault `shop.unknown`.
 * `random` in [0, 1) is the jitter, given by the simulation.
 */
export async function recordShopFault(
  ctx: Ctx,
  shopId: ShopId,
  fault: ChannelFault,
  random: number = Math.random(),
): Promise<ShopFaultRecord> {
  authorise(ctx, 'shops:write');
  const isGone = fault.kind === 'gone';
  if (isGone) await moveShop(ctx, shopId, 'paused');
  const before = await firstRow<{ failures: number; pausedUntil: Date | null }>(
    ctx.tx,
    sql`select failures, paused_until as "pausedUntil" from shop_health where shop_id = ${shopId} for update`,
  );
  if (before === null) throw new Fault('not_found', 'shop.unknown', { data: { shopId } });
  const counts = isShopWide(fault);
  const failures = before.failures + (counts && !isThrottle(fault) ? 1 : 0);
  const pausedUntil = counts ? new Date(ctx.now.getTime() + pauseAfterMs(fault, failures, random)) : before.pausedUntil;
  await rows(
    ctx.tx,
    sql`update shop_health
        set failures = ${failures}, paused_until = ${pausedUntil}, last_fault = ${fault.kind}, last_fault_at = ${ctx.now},
            last_call_at = ${ctx.now}
        where shop_id = ${shopId}`,
  );
  const isOpen = failures >= breakerOpensAt;
  if (counts && (isOpen || isGone || fault.kind === 'unauthorised'))
    await openShopException(ctx, shopId, fault, failures);
  return { failures, pausedUntil, breaker: isOpen ? 'open' : 'closed' };
}

/** A channel that names its time is well: it must not open the breaker. */
function isThrottle({ reason }: ChannelFault): boolean {
  return reason.kind === 'rate_limited' && reason.retryAfterMs !== null;
}
