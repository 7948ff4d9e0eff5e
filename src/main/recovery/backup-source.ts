import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { migrationsDir, type Env } from '../../../config/env.ts';
import { Fault } from '../../kernel/index.ts';
import type { BackupSource } from '../../platform/backup/index.ts';
import { loadOrCreateMasterKey } from '../../platform/crypto/index.ts';
import { hashMigrations, readMigrationFiles } from '../../platform/db/index.ts';
import { version } from '../version.ts';

/** What this hub backs up: the files of its own PostgreSQL, or its database on another server. */
export async function backupSource(env: Env, url: string): Promise<BackupSource> {
  const files = await readMigrationFiles(migrationsDir);
  return {
    kind: env.databaseUrl === null ? 'cluster' : 'dump',
    url,
    toolPath: env.toolPath,
    masterKey: findMasterKey(env),
    program: version,
    migrations: { last: files.at(-1)?.name ?? '', hash: hashMigrations(files) },
  };
}

export function masterKeyFile(env: Env): string {
  return join(env.varDir, 'master.key');
}

/** The key there is: a new one would open nothing. Throws Fault `backup.master_key_missing`. */
export function findMasterKey(env: Env): Uint8Array {
  const file = masterKeyFile(env);
  if (env.masterKey !== null || existsSync(file))
    return loadOrCreateMasterKey({ env: env.masterKey ?? undefined, file });
  throw new Fault('invalid', 'backup.master_key_missing', {
    message: `the master key is in no backup: set WHARF_MASTER_KEY, or put the hub's master.key at ${file}`,
  });
}
