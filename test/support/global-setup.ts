import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { loadEnv, migrationsDir } from '../../config/env.ts';
import {
  ensureDatabase,
  hashMigrations,
  migrate,
  readMigrationFiles,
  startEmbedded,
} from '../../src/platform/db/index.ts';
import { quietLog } from './quiet-log.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: { adminUrl: string; template: string; reader: { user: string; password: string } | null };
    /** Servers that were started for this run; null where it brings its own. */
    servers: { adminUrl: string | null; redisUrl: string | null };
  }
}

type Server = { readonly adminUrl: string; stop(): Promise<void> };

/** One cluster a run, with a closed template database that has every migration. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { testDatabaseUrl: external, testRedisUrl } = loadEnv();
  const server = external === null ? await startOwn() : { adminUrl: external, stop: async () => undefined };
  const hash = hashMigrations(await readMigrationFiles(migrationsDir)).slice(0, 12);
  // The pid keeps runs apart that share an external server.
  const template = `wharf_template_${hash}_${process.pid}`;
  await ensureDatabase(server.adminUrl, template);
  const url = new URL(server.adminUrl);
  url.pathname = `/${template}`;
  const { readUrl } = await migrate(url.href, { dir: migrationsDir, log: quietLog });
  // A template that somebody is connected to cannot be copied: nobody may connect.
  await administer(server.adminUrl, `alter database ${template} with is_template true allow_connections false`);
  project.provide('cluster', { adminUrl: server.adminUrl, template, reader: readUrl === null ? null : login(readUrl) });
  project.provide('servers', { adminUrl: external, redisUrl: testRedisUrl });
  return async () => {
    await administer(server.adminUrl, `alter database ${template} with is_template false`);
    await administer(server.adminUrl, `drop database ${template}`);
    await server.stop();
  };
}

/** Embedded, without fsync, in a temporary folder; gone with this process however that ends. */
async function startOwn(): Promise<Server> {
  const dir = await mkdtemp(join(tmpdir(), 'wharf-test-'));
  // The server's user is not ours when we are root.
  await chmod(dir, 0o755);
  const server = await startEmbedded({ dir, durable: false, log: quietLog });
  const places = [...new Set([dir, server.dir])];
  const released = stopWhenOrphaned(server.pid, places);
  return {
    adminUrl: server.adminUrl,
    async stop() {
      await server.stop();
      for (const place of places) await rm(place, { recursive: true, force: true });
      released();
    },
  };
}

/**
 * A shell that waits for the end of a pipe whose other end only this process holds: when it dies, by kill -9 too, the
 * server is stopped and its folders are removed.
 */
function stopWhenOrphaned(pid: number, places: readonly string[]): () => void {
  const script = `cat >/dev/null; pid=$1; shift; kill -INT "$pid" 2>/dev/null
    while kill -0 "$pid" 2>/dev/null; do sleep 0.2; done; rm -rf "$@"`;
  const watchdog = spawn('/bin/sh', ['-c', script, 'sh', String(pid), ...places], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.unref();
  return () => watchdog.kill('SIGKILL');
}

async function administer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function login(readUrl: string): { user: string; password: string } {
  const { username, password } = new URL(readUrl);
  return { user: username, password };
}
