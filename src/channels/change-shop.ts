import { sql } from 'drizzle-orm';
import { secretFields } from '../connector-kit/index.ts';
import { authorise } from '../identity/index.ts';
import { Fault, type FieldFault, type ShopId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';
import { announce } from './announce.ts';
import { closeShopExceptions } from './health-exceptions.ts';
import type { ShopDeps } from './deps.ts';
import { shopLane } from './lane.ts';
import { lockShop } from './locks.ts';
import { openShop, type ShopSession } from './open-shop.ts';
import { sealSecrets } from './seal-secrets.ts';
import { checkShopName } from './shop-name.ts';
import { asRecord, parseSettings } from './shop-settings.ts';

/** What is absent stays. */
export type ShopChange = {
  readonly shopId: ShopId;
  /** The version that was read (If-Match). */
  readonly version: number;
  readonly name?: string;
  /** Any of the connector's settings. Credentials left out stay, unless the address changes. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly pushesStock?: boolean;
  readonly ordersSince?: Date;
};

/**
 * Changes a shop and returns its new version. Throws Fault `shop.changed` where somebody was faster, `shop.removed`,
 * `shop.bad_settings`, and `shop.credentials_needed` where the address changes and a credential is not given anew.
 */
export async function changeShop(
  ctx: Ctx,
  deps: Pick<ShopDeps, 'keyring' | 'connectors' | 'outgoing' | 'log'>,
  change: ShopChange,
): Promise<{ version: number }> {
  authorise(ctx, 'shops:write');
  const locked = await lockShop(ctx, change.shopId);
  if (locked.version !== change.version) {
    throw new Fault('precondition_failed', 'shop.changed', {
      message: `the shop is at version ${locked.version}, not ${change.version}`,
      data: { shopId: change.shopId, version: locked.version },
    });
  }
  const session = await openShop(ctx.tx, deps, change.shopId);
  const name = change.name === undefined ? session.shop.name : checkShopName(change.name);
  const version = locked.version + 1;
  await rows(
    ctx.tx,
    sql`update shops set name = ${name}, pushes_stock = ${change.pushesStock ?? locked.pushesStock},
               orders_since = ${change.ordersSince ?? session.shop.ordersSince}, version = ${version}, updated_at = ${ctx.now}
        where id = ${change.shopId}`,
  );
  if (change.settings !== undefined) await changeSettings(ctx, session, change.settings);
  await writeAudit(ctx, {
    action: 'shop.changed',
    subjectKind: 'shop',
    subjectId: change.shopId,
    data: { fields: changedFields(change) },
  });
  announce(ctx, { kind: 'shop.changed', shopId: change.shopId });
  ctx.rings.add(shopLane(change.shopId));
  return { version };
}

/** Stores settings and lets the lane try at once: what stood in the way may be what was changed. */
async function changeSettings(ctx: Ctx, session: ShopSession, given: Readonly<Record<string, unknown>>): Promise<void> {
  const { shop, connector, dataKey } = session;
  const { settings, open, secrets } = parseSettings(connector, { ...asRecord(session.settings), ...given });
  if (connector.origin(settings) !== connector.origin(session.settings)) checkCredentialsGiven(session, given);
  await rows(
    ctx.tx,
    sql`update shops set settings = ${JSON.stringify(open)}::jsonb, secrets = ${sealSecrets(dataKey, shop.shopId, secrets)}
        where id = ${shop.shopId}`,
  );
  await rows(ctx.tx, sql`update shop_health set failures = 0, paused_until = null where shop_id = ${shop.shopId}`);
  await closeShopExceptions(ctx, shop.shopId);
}

/**
 * Credentials cannot be read here, but they are sent to the address: who could change the address alone could have them
 * sent to himself.
 */
function checkCredentialsGiven({ connector, settings }: ShopSession, given: Readonly<Record<string, unknown>>): void {
  const stored = asRecord(settings);
  const missing = secretFields(connector.settings).filter(
    (name) => given[name] === undefined && stored[name] !== undefined && stored[name] !== null,
  );
  if (missing.length === 0) return;
  const fields: FieldFault[] = missing.map((name) => ({
    path: `settings.${name}`,
    code: 'shop.credentials_needed',
    message: 'must be given anew when the address changes',
  }));
  throw new Fault('invalid', 'shop.credentials_needed', {
    message: fields.map((field) => `${field.path}: ${field.message}`).join('; '),
    fields,
  });
}

/** Names only: the audit must not keep a credential. */
function changedFields({ settings, ...change }: ShopChange): string[] {
  const own = Object.keys(change).filter((field) => field !== 'shopId' && field !== 'version');
  return [...own, ...Object.keys(settings ?? {}).map((name) => `settings.${name}`)].toSorted();
}
