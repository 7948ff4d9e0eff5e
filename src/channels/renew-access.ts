import { sql } from 'drizzle-orm';
import { ChannelFault } from '../connector-kit/index.ts';
import type { ShopId } from '../kernel/index.ts';
import { onBehalf, readClock, rows, type Ctx } from '../platform/db/index.ts';
import type { ShopDeps } from './deps.ts';
import type { LaneStep } from './lane-step.ts';
import { lockShop } from './locks.ts';
import { openShop, type ShopSession } from './open-shop.ts';
import { readHealth } from './queries.ts';
import { recordShopFault } from './record-shop-fault.ts';
import { sealSecrets } from './seal-secrets.ts';
import { asRecord, parseSettings } from './shop-settings.ts';

const actor = { kind: 'system', id: 'renew_access' } as const;

/**
 * The step, but where the shop's access is about to end (or was refused) it is renewed instead, under the shop's lease, so
 * that nobody else spends the same credential; the next pass goes on with the new one. What the channel gave is stored
 * before anything else is asked of it.
 */
export function renewingAccess(step: LaneStep): LaneStep {
  return async (deps, session, lease, signal) => {
    const { renewal } = session.connector;
    if (renewal === undefined || !(await isDue(deps, session))) return step(deps, session, lease, signal);
    await lease.stillHeld();
    try {
      const renewed = await renewal.renew(session.io(signal, deps.clock.now()));
      await deps.database.transact({ actor }, async (ctx) => {
        await lease.guard(ctx);
        await storeRenewed(ctx, deps, session, renewed);
        await recordRenewed(ctx, session.shop.shopId);
      });
      return { didWork: true };
    } catch (error) {
      if (signal.aborted || !(error instanceof ChannelFault)) throw error;
      await deps.database.transact({ actor }, async (ctx) => {
        await lease.guard(ctx);
        await recordShopFault(onBehalf(ctx, 'renew_access'), session.shop.shopId, error);
      });
      return { didWork: false };
    }
  };
}

async function isDue(deps: ShopDeps, { shop, connector, settings }: ShopSession): Promise<boolean> {
  const now = await readClock(deps.database);
  const dueAt = connector.renewal?.dueAt(settings);
  if (dueAt !== undefined && dueAt <= now) return true;
  const { failures, lastFault, lastFaultAt, lastCallAt } = await deps.database.read((db) =>
    readHealth(db, shop.shopId),
  );
  const isLast = lastFaultAt !== null && lastCallAt !== null && lastFaultAt >= lastCallAt;
  return failures > 0 && isLast && lastFault === 'unauthorised';
}

/** Whether the new access is good, only the next call shows: until then the failures and their exception stand. */
async function recordRenewed(ctx: Ctx, shopId: ShopId): Promise<void> {
  await rows(
    ctx.tx,
    sql`update shop_health set last_call_at = ${ctx.now}, paused_until = null where shop_id = ${shopId}`,
  );
}

/**
 * Only what the channel gave anew: a person may have changed something else of the shop meanwhile. Where that was the
 * access itself or the address, the person's stands: what one address gave is not for another.
 */
async function storeRenewed(ctx: Ctx, deps: ShopDeps, session: ShopSession, renewed: unknown): Promise<void> {
  const { shopId } = session.shop;
  await lockShop(ctx, shopId);
  const { connector, dataKey, settings } = await openShop(ctx.tx, deps, shopId);
  const before = asRecord(session.settings);
  const current = asRecord(settings);
  const given = Object.entries(asRecord(renewed)).filter(([name, value]) => value !== before[name]);
  const isMoved = connector.origin(settings) !== connector.origin(session.settings);
  if (isMoved || given.some(([name]) => current[name] !== before[name])) return;
  const { open, secrets } = parseSettings(connector, { ...current, ...Object.fromEntries(given) });
  await rows(
    ctx.tx,
    sql`update shops set settings = ${JSON.stringify(open)}::jsonb, secrets = ${sealSecrets(dataKey, shopId, secrets)}
        where id = ${shopId}`,
  );
}
