import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { currencyCode, invalidField, newId, type ShopId } from '../kernel/index.ts';
import type { ConnectionReport } from '../connector-kit/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { streamsOf } from './cursor-streams.ts';
import type { ShopDeps } from './deps.ts';
import { announce } from './announce.ts';
import { findConnector } from './find-connector.ts';
import { shopLane } from './lane.ts';
import { sealSecrets } from './seal-secrets.ts';
import { checkShopName } from './shop-name.ts';
import { parseSettings } from './shop-settings.ts';

export type NewShop = {
  readonly channel: string;
  readonly name: string;
  /** As the connector's schema wants it, credentials included. */
  readonly settings: unknown;
  /** When the channel takes units off sale. Fixed for the life of the shop: open demand was booked by it. */
  readonly claimsAt: 'placed' | 'paid';
  /** Older orders are not read. */
  readonly ordersSince: Date;
  readonly pushesStock: boolean;
  /** From `checkConnection`. */
  readonly report: ConnectionReport;
};

/** Stores a shop whose connection was checked; its first polls are due at once. Throws Fault as `checkConnection` does. */
export async function connectShop(
  ctx: Ctx,
  deps: Pick<ShopDeps, 'keyring' | 'connectors'>,
  input: NewShop,
): Promise<{ shopId: ShopId; webhookKey: string }> {
  authorise(ctx, 'shops:write');
  const connector = findConnector(deps.connectors, input.channel);
  const name = checkShopName(input.name);
  const { open, secrets } = parseSettings(connector, input.settings);
  const timeZone = checkTimeZone(input.report.timeZone ?? 'UTC');
  const currency = currencyCode(input.report.currency);
  const shopId = newId<'shop'>();
  const webhookKey = randomBytes(32).toString('base64url');
  const { wrapped, key } = deps.keyring.newDataKey(shopId);
  await rows(
    ctx.tx,
    sql`insert into shops (id, channel, name, settings, secrets, data_key, webhook_key, currency, time_zone, claims_at,
                           pushes_stock, orders_since, created_at, updated_at)
        values (${shopId}, ${connector.code}, ${name}, ${JSON.stringify(open)}::jsonb, ${sealSecrets(key, shopId, secrets)},
                ${wrapped}, ${webhookKey}, ${currency}, ${timeZone}, ${input.claimsAt}, ${input.pushesStock},
                ${input.ordersSince}, ${ctx.now}, ${ctx.now})`,
  );
  await rows(ctx.tx, sql`insert into shop_health (shop_id) values (${shopId})`);
  await rows(
    ctx.tx,
    sql`insert into shop_cursors (shop_id, stream, due_at)
        select ${shopId}, stream, ${ctx.now} from unnest(${list('text', streamsOf(connector))}) as t (stream)`,
  );
  await writeAudit(ctx, {
    action: 'shop.connected',
    subjectKind: 'shop',
    subjectId: shopId,
    data: { channel: connector.code, name, claimsAt: input.claimsAt, pushesStock: input.pushesStock },
  });
  announce(ctx, { kind: 'shop.connected', shopId });
  ctx.rings.add(shopLane(shopId));
  return { shopId, webhookKey };
}

function checkTimeZone(timeZone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return timeZone;
  } catch {
    throw invalidField('report.timeZone', 'shop.unknown_time_zone', 'is not a time zone');
  }
}
