import { sql } from 'drizzle-orm';
import type { AnyConnector, ConnectorIo } from '../connector-kit/index.ts';
import { Fault, type ShopId } from '../kernel/index.ts';
import type { DataKey } from '../platform/crypto/index.ts';
import { firstRow, type AnyDb } from '../platform/db/index.ts';
import { connectorIo } from './connector-io.ts';
import type { ShopDeps } from './deps.ts';
import { findConnector } from './find-connector.ts';
import { shopColumns, type ShopRow } from './queries.ts';
import { openSecrets } from './seal-secrets.ts';
import { asRecord, parseSettings } from './shop-settings.ts';

/** A shop with its credentials opened. Never log it and never answer with it. */
export type ShopSession = {
  readonly shop: ShopRow;
  /** Of the stored shop as it was opened: another after every change of it (PostgreSQL, system column `xmin`). */
  readonly rowVersion: string;
  readonly connector: AnyConnector;
  /** What the connector's schema made of the stored settings and credentials. */
  readonly settings: unknown;
  /** Seals the shop's raw documents. */
  readonly dataKey: DataKey;
  io(signal: AbortSignal, now: Date): ConnectorIo<unknown>;
};

type OpenDeps = Pick<ShopDeps, 'keyring' | 'connectors' | 'outgoing' | 'log' | 'metrics'>;

type SealedShop = ShopRow & {
  readonly rowVersion: string;
  readonly secrets: Uint8Array;
  readonly dataKey: Uint8Array;
};

const sealedColumns = sql`${shopColumns}, s.xmin::text as "rowVersion", s.secrets, s.data_key as "dataKey"`;

/**
 * Opens a shop for calls to its channel. Throws Fault `shop.unknown`, `shop.removed`, `channel.unknown`, or
 * `shop.bad_settings` where the connector's schema has grown since they were stored.
 */
export async function openShop(db: AnyDb, deps: OpenDeps, shopId: ShopId): Promise<ShopSession> {
  const found = await firstRow<SealedShop>(db, sql`select ${sealedColumns} from shops s where s.id = ${shopId}`);
  if (found === null) throw new Fault('not_found', 'shop.unknown', { data: { shopId } });
  if (found.state === 'removed') throw new Fault('gone', 'shop.removed', { data: { shopId } });
  return openFound(deps, found);
}

/** The shop that a webhook's address is of, opened; `removed` and null where there is nothing to open. Throws as `openShop`. */
export async function openShopByWebhookKey(
  db: AnyDb,
  deps: OpenDeps,
  webhookKey: string,
): Promise<ShopSession | 'removed' | null> {
  const found = await firstRow<SealedShop>(
    db,
    sql`select ${sealedColumns} from shops s where s.webhook_key = ${webhookKey}`,
  );
  if (found === null) return null;
  return found.state === 'removed' ? 'removed' : openFound(deps, found);
}

function openFound(deps: OpenDeps, found: SealedShop): ShopSession {
  const { secrets: sealed, dataKey: wrapped, rowVersion, ...shop } = found;
  const { shopId } = shop;
  const connector = findConnector(deps.connectors, shop.channel);
  const dataKey = deps.keyring.openDataKey(wrapped, shopId);
  const stored = { ...asRecord(shop.settings), ...openSecrets(dataKey, shopId, sealed) };
  const { settings } = parseSettings(connector, stored);
  return {
    shop,
    rowVersion,
    connector,
    settings,
    dataKey,
    io: (signal, now) => connectorIo(deps, connector, { settings, signal, now, shopId }),
  };
}
