import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrationsDir } from '../../config/env.ts';
import { createToken } from '../../src/identity/index.ts';
import { ensureDatabase, migrate, openDatabase, type Database } from '../../src/platform/db/index.ts';
import { apiClient, connectThroughApi, furnish, untilWithin, type ApiClient } from '../support/api-client.ts';
import { freePort } from '../support/free-port.ts';
import { quietLog } from '../support/quiet-log.ts';
import { runWharf } from '../support/run-wharf.ts';
import { keepRunning, type KeptProcess } from './keep-running.ts';
import { openOwnPostgres, type OwnPostgres } from './own-postgres.ts';
import { openOwnRedis, type OwnRedis } from './own-redis.ts';
import { openStall, type Stall } from './open-stall.ts';
import { endWithUs } from './reaper.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';

/** A worker's surroundings where they differ from the others'. */
export type WorkerOptions = {
  readonly environment?: Readonly<Record<string, string>>;
  readonly through?: readonly string[];
};

export type HarbourOptions = {
  readonly workers: readonly WorkerOptions[];
  readonly shops?: number;
  /** Puts PostgreSQL on a tmpfs of that size (needs root). */
  readonly diskMb?: number;
  /** Addresses at which PostgreSQL, Redis and the shops stand for the hub; default the servers themselves. */
  readonly wire?: (servers: { postgres: number; redis: number }) => Promise<Wire>;
  /** In front of each shop. */
  readonly shopProxy?: (port: number) => Promise<TcpProxy>;
};

export type Wire = {
  readonly postgres: { host: string; port: number };
  readonly redis: { host: string; port: number };
};

/** A deployment of its own: cluster, Redis, server, workers and shops that sell, each of which can be harmed. */
export type Harbour = {
  readonly postgres: OwnPostgres;
  readonly redis: OwnRedis;
  readonly stalls: readonly Stall[];
  readonly server: KeptProcess;
  readonly workers: readonly KeptProcess[];
  /** Of the server's API, and a token that may do everything. */
  readonly origin: string;
  readonly token: string;
  /** The database beside the hub, for looking. */
  readonly database: Database;
  readonly databaseUrl: string;
  /** Units received, by SKU. */
  readonly received: ReadonlyMap<string, number>;
  /** Runs one command of the program to its end. */
  wharf(...words: string[]): ReturnType<typeof runWharf>;
  close(): Promise<void>;
};

const databaseName = 'wharf_chaos';
const until = untilWithin(120_000);
const units = [4_000, 2_000] as const;
/** Sold out early, so that orders wait and compete. */
const scarce = { count: 2, units: [40, 20] } as const;

export async function openHarbour(options: HarbourOptions): Promise<Harbour> {
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const varDir = mkdtempSync(join(tmpdir(), 'wharf-chaos-var-'));
    const forget = endWithUs({ kind: 'folder', path: varDir });
    closers.push(() => {
      rmSync(varDir, { recursive: true, force: true });
      forget();
    });
    const postgres = await openOwnPostgres(options.diskMb === undefined ? {} : { diskMb: options.diskMb });
    closers.push(postgres.close);
    const redis = await openOwnRedis();
    closers.push(redis.close);
    await ensureDatabase(postgres.url('postgres'), databaseName);
    const databaseUrl = postgres.url(databaseName);
    const { readUrl } = await migrate(databaseUrl, { dir: migrationsDir, log: quietLog });
    const database = openDatabase({ url: databaseUrl, readUrl, markers: [], log: quietLog, ring: () => undefined });
    closers.push(database.close);
    const { token } = await database.transact({ actor: { kind: 'system', id: 'chaos' } }, (ctx) =>
      createToken(ctx, { name: 'chaos', scopes: ['*'], expiresAt: null }),
    );
    const stalls: Stall[] = [];
    for (let seed = 1; seed <= (options.shops ?? 2); seed += 1) {
      const stall = await openStall(seed, options.shopProxy);
      stalls.push(stall);
      closers.push(stall.close);
    }
    const wire = await options.wire?.({ postgres: postgres.port, redis: redis.port });
    const origin = `http://127.0.0.1:${await freePort()}`;
    const environment = {
      DATABASE_URL: rewired(databaseUrl, wire?.postgres),
      REDIS_URL: rewired(redis.url, wire?.redis),
      WHARF_MASTER_KEY: randomBytes(32).toString('base64'),
      WHARF_VAR_DIR: varDir,
      WHARF_PRIVATE_ORIGINS: stalls.map((stall) => stall.origin).join(','),
      WHARF_BACKUP_CRON: 'off',
      PUBLIC_URL: origin,
    };
    const direct = { ...environment, DATABASE_URL: databaseUrl, REDIS_URL: redis.url };
    const server = keepRunning({
      name: 'server',
      words: ['server'],
      environment: { ...environment, PORT: new URL(origin).port },
      ready: /Serving on/,
    });
    const workers = options.workers.map((worker, index) =>
      keepRunning({
        name: `worker ${index + 1}`,
        words: ['worker'],
        environment: { ...environment, ...worker.environment },
        ready: /Working/,
        ...(worker.through && { through: worker.through }),
      }),
    );
    closers.push(() => Promise.all([server, ...workers].map((each) => each.close())));
    await Promise.all([server, ...workers].map((each) => each.ready()));
    const received = await furnishStalls(apiClient(origin, token), stalls);
    return {
      postgres,
      redis,
      stalls,
      server,
      workers,
      origin,
      token,
      database,
      databaseUrl,
      received,
      wharf: (...words) => runWharf(words, direct),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** All shops sell the same goods from the same two warehouses. */
async function furnishStalls(api: ApiClient, stalls: readonly Stall[]): Promise<Map<string, number>> {
  const [first, ...others] = stalls;
  if (first === undefined) throw new Error('a harbour has a shop');
  const skus = first.listings.map(({ sku, title }, index) => ({
    code: sku,
    title,
    units: index < scarce.count ? scarce.units : units,
  }));
  const seller = await furnish(api, {
    channel: 'sandbox',
    settings: first.settings,
    skus,
    warehouses: ['NORTH', 'SOUTH'],
    until,
  });
  first.shopId = seller.shopId;
  for (const stall of others) {
    const { settings, listings } = stall;
    const connected = await connectThroughApi(api, {
      channel: 'sandbox',
      settings,
      warehouseIds: seller.warehouseIds,
      listings: listings.length,
      until,
    });
    stall.shopId = connected.shopId;
  }
  for (const { sandbox } of stalls) {
    await until('the webhooks to be registered', async () => (sandbox.state.webhookUrls.length > 0 ? true : null));
  }
  return new Map(skus.map(({ code, units: [north, south] }) => [code, north + south]));
}

function rewired(url: string, to: { host: string; port: number } | undefined): string {
  if (to === undefined) return url;
  const changed = new URL(url);
  changed.host = `${to.host}:${to.port}`;
  return changed.href;
}
