import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../../../config/env.ts';
import { Fault } from '../../kernel/index.ts';
import { loadOrCreateMasterKey, openKeyring, type Keyring } from '../../platform/crypto/index.ts';
import {
  ensureDatabase,
  findClusterFolder,
  findReader,
  openDatabase,
  startEmbedded,
  type Database,
} from '../../platform/db/index.ts';
import { createOutgoing } from '../../platform/http/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { openQueue } from '../../platform/queue/index.ts';
import { connectors } from '../connectors.ts';
import { masterKeyFile } from '../recovery/backup-source.ts';
import { databaseName, readMode } from '../run/mode.ts';
import type { DoctorSubject } from './doctor-checks.ts';

/**
 * What the doctor looks at from a terminal: no server has to run, nothing is migrated and no key is made, and whatever is
 * away is a finding and no failure. The embedded PostgreSQL is joined, or started for the length of the look.
 */
export async function openSubject(env: Env, log: Log): Promise<DoctorSubject & { close(): Promise<void> }> {
  const found = await findUrl(env, log);
  const outgoing = createOutgoing({ privateOrigins: env.privateOrigins });
  const database = found.url === null ? absent(found.error) : await open(env, found.url, log);
  return {
    env,
    databaseUrl: found.url,
    deps: { database, connectors, keyring: findKeyring(env), outgoing, log },
    countWaiting: () => countWaiting(env, found.url, log),
    async close() {
      await database.close();
      await outgoing.close();
      await found.stop();
    },
  };
}

type FoundUrl =
  | { readonly url: string; readonly error: null; stop(): Promise<void> }
  | { readonly url: null; readonly error: unknown; stop(): Promise<void> };

async function findUrl(env: Env, log: Log): Promise<FoundUrl> {
  const stop = async (): Promise<void> => undefined;
  if (env.databaseUrl !== null) return { url: env.databaseUrl, error: null, stop };
  const dir = join(env.varDir, 'postgres');
  try {
    // Looking makes no cluster.
    if (!(await findClusterFolder({ dir, log })).hasData) throw new Fault('not_found', 'database.none');
    const embedded = await startEmbedded({ dir, durable: true, log });
    const name = databaseName(readMode(env));
    await ensureDatabase(embedded.adminUrl, name);
    return { url: embedded.url(name), error: null, stop: () => embedded.stop() };
  } catch (error) {
    return { url: null, error, stop };
  }
}

async function open(env: Env, url: string, log: Log): Promise<Database> {
  const readUrl = env.databaseReadUrl ?? (await findReader(url).catch(() => null));
  return openDatabase({ url, readUrl, markers: [], log, ring: () => undefined });
}

/** Stands for a database that could not even be started. */
function absent(error: unknown): Database {
  const refuse = async (): Promise<never> => {
    throw error instanceof Fault ? error : new Fault('unavailable', 'database.unreachable', { cause: error });
  };
  return {
    transact: refuse,
    store: refuse,
    read: refuse,
    snapshot: refuse,
    pools: () => [],
    close: async () => undefined,
  };
}

function findKeyring(env: Env): Keyring | null {
  const file = masterKeyFile(env);
  if (env.masterKey === null && !existsSync(file)) return null;
  return openKeyring({ masterKey: loadOrCreateMasterKey({ env: env.masterKey ?? undefined, file }) });
}

async function countWaiting(env: Env, url: string | null, log: Log): Promise<number> {
  if (url === null) throw new Fault('unavailable', 'database.unreachable');
  const queue = await openQueue({ redisUrl: env.redisUrl, databaseUrl: url, log });
  try {
    return await queue.countWaiting();
  } finally {
    await queue.close();
  }
}
