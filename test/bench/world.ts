import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { loadEnv, migrationsDir } from '../../config/env.ts';
import type { ConnectorRegistry } from '../../src/channels/index.ts';
import { openHub, type Hub } from '../../src/main/hub.ts';
import { ensureDatabase, migrate, startEmbedded } from '../../src/platform/db/index.ts';
import { quietLog } from '../support/quiet-log.ts';

export type BenchDatabase = { readonly url: string; readonly readUrl: string | null };

export type HubSettings = {
  readonly connectors?: ConnectorRegistry;
  readonly privateOrigins?: readonly string[];
};

/** A PostgreSQL of its own, as durable as in production, gone when the bench ends. */
export type BenchWorld = {
  /** A migrated database of its own for one case. */
  createDatabase(): Promise<BenchDatabase>;
  /** Another with all that is in `from`, to which nobody may be connected. Its statistics begin at zero. */
  copyDatabase(from: BenchDatabase): Promise<BenchDatabase>;
  /** The real hub on a database: pools, markers, lanes, a queue. The caller closes it. */
  openHub(database: BenchDatabase, settings?: HubSettings): Promise<Hub>;
  /** One line for whoever watches; a bench takes minutes. */
  tell(line: string): void;
};

/**
 * fsync and synchronous_commit stay on. Checkpoints are kept out of the rounds, where each would make one of them write whole
 * pages: both sides write the same tables, so neither gains by it.
 */
const serverSettings: Readonly<Record<string, string>> = {
  checkpoint_timeout: '1h',
  max_wal_size: '16GB',
};

export async function openWorld(tell: (line: string) => void): Promise<BenchWorld & { close(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'wharf-bench-'));
  // The server's user is not ours when we are root.
  await chmod(dir, 0o755);
  const server = await startEmbedded({ dir, durable: true, log: quietLog });
  await administer(server.adminUrl, [
    ...Object.entries(serverSettings).map(([name, value]) => `alter system set ${name} = '${value}'`),
    'select pg_reload_conf()',
  ]);
  const masterKey = randomBytes(32).toString('base64');
  let serial = 0;
  const newName = (): string => `wharf_bench_${(serial += 1)}`;
  return {
    tell,
    async copyDatabase({ url, readUrl }) {
      const name = newName();
      await administer(server.adminUrl, [`create database ${name} template ${nameOf(url)}`]);
      return { url: server.url(name), readUrl: readUrl === null ? null : withName(readUrl, name) };
    },
    async createDatabase() {
      const name = newName();
      await ensureDatabase(server.adminUrl, name);
      const { readUrl } = await migrate(server.url(name), { dir: migrationsDir, log: quietLog });
      return { url: server.url(name), readUrl };
    },
    openHub: (database, { connectors, privateOrigins = [] } = {}) =>
      openHub({
        env: loadEnv({
          WHARF_VAR_DIR: dir,
          WHARF_MASTER_KEY: masterKey,
          WHARF_PRIVATE_ORIGINS: privateOrigins.join(','),
        }),
        databaseUrl: database.url,
        readUrl: database.readUrl,
        log: quietLog,
        ...(connectors === undefined ? {} : { connectors }),
      }),
    async close() {
      await server.stop();
      for (const place of new Set([dir, server.dir])) await rm(place, { recursive: true, force: true });
    },
  };
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

function withName(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function administer(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
