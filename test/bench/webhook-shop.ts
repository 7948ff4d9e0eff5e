import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnv } from '../../config/env.ts';
import { connectShop, getShop } from '../../src/channels/index.ts';
import type { ShopId } from '../../src/kernel/index.ts';
import { openHub, type Hub } from '../../src/main/hub.ts';
import { createLog } from '../../src/platform/log/index.ts';
import type { BenchDatabase } from './world.ts';

export const benchActor = { kind: 'system', id: 'bench' } as const;

export type OpenedHub = {
  readonly hub: Hub;
  /** What another process of the same deployment is started with. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
};

/** The hub as a process of the program opens it, with a log that is written, to nowhere. */
export async function openLoggedHub(database: BenchDatabase, privateOrigins: readonly string[]): Promise<OpenedHub> {
  const varDir = mkdtempSync(join(tmpdir(), 'wharf-bench-var-'));
  const environment = {
    DATABASE_URL: database.url,
    WHARF_VAR_DIR: varDir,
    WHARF_MASTER_KEY: randomBytes(32).toString('base64'),
    WHARF_PRIVATE_ORIGINS: privateOrigins.join(','),
    WHARF_BACKUP_CRON: 'off',
    WHARF_DEMO: '0',
  };
  const hub = await openHub({
    env: loadEnv(environment),
    databaseUrl: database.url,
    readUrl: database.readUrl,
    log: createLog({ level: 'info', pretty: false, write: () => undefined }),
  });
  return {
    hub,
    environment,
    async close() {
      await hub.close();
      rmSync(varDir, { recursive: true, force: true });
    },
  };
}

/** A sandbox shop that nobody has to reach: its webhooks are verified, stored, and no more. */
export async function connectSilentShop(
  { deps }: Hub,
  settings: { baseUrl: string; apiKey: string; webhookSecret: string },
): Promise<{ shopId: ShopId; webhookKey: string }> {
  const report = { shopName: 'Bench', currency: 'EUR', timeZone: 'UTC' };
  const { shopId } = await deps.database.transact({ actor: benchActor }, (ctx) =>
    connectShop(ctx, deps, {
      channel: 'sandbox',
      name: 'Bench',
      settings,
      claimsAt: 'placed',
      ordersSince: new Date(Date.now() - 3_600_000),
      pushesStock: false,
      report,
    }),
  );
  const { webhookKey } = await deps.database.read((db) => getShop(db, shopId));
  return { shopId, webhookKey };
}
