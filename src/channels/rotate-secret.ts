import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, invalidField, type ShopId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';
import { announce } from './announce.ts';
import type { ShopDeps } from './deps.ts';
import { lockShop } from './locks.ts';
import { openShop } from './open-shop.ts';
import { sealSecrets } from './seal-secrets.ts';
import { parseSettings } from './shop-settings.ts';

export const overlapHoursMax = 7 * 24;

export type RotatedSecret = {
  /** Shown this once; stored sealed only. */
  readonly secret: string;
  /** Until then what the secret before it signed is taken too, and messages are signed by both. */
  readonly previousUntil: Date;
};

/**
 * Gives a shop a new signing secret. The one before it stays good for `overlapMs`; any older one is worthless from now on.
 * Throws Fault `channel.no_signing_secret`, `shop.bad_overlap`, `shop.removed`.
 */
export async function rotateSecret(
  ctx: Ctx,
  deps: Pick<ShopDeps, 'keyring' | 'connectors' | 'outgoing' | 'log'>,
  shopId: ShopId,
  overlapMs: number,
): Promise<RotatedSecret> {
  authorise(ctx, 'shops:write');
  if (!Number.isInteger(overlapMs) || overlapMs < 0 || overlapMs > overlapHoursMax * 3_600_000) {
    throw invalidField('overlapHours', 'shop.bad_overlap', `must be between 0 and ${overlapHoursMax} hours`);
  }
  await lockShop(ctx, shopId);
  const { connector, dataKey, settings } = await openShop(ctx.tx, deps, shopId);
  const rotate = connector.webhooks?.rotateSecret;
  if (rotate === undefined) {
    throw new Fault('conflict', 'channel.no_signing_secret', {
      message: `the signing secret of ${connector.code} is made there; change it with the shop's settings`,
    });
  }
  const previousUntil = new Date(ctx.now.getTime() + overlapMs);
  const rotated = rotate(settings, previousUntil);
  const { open, secrets } = parseSettings(connector, rotated.settings);
  await rows(
    ctx.tx,
    sql`update shops set settings = ${JSON.stringify(open)}::jsonb, secrets = ${sealSecrets(dataKey, shopId, secrets)},
               version = version + 1, updated_at = ${ctx.now}
        where id = ${shopId}`,
  );
  await writeAudit(ctx, {
    action: 'shop.secret_rotated',
    subjectKind: 'shop',
    subjectId: shopId,
    data: { previousUntil: previousUntil.toISOString() },
  });
  announce(ctx, { kind: 'shop.changed', shopId });
  return { secret: rotated.secret, previousUntil };
}
