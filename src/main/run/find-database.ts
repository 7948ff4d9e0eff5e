import { join } from 'node:path';
import { migrationsDir, type Env } from '../../../config/env.ts';
import { ensureDatabase, migrate, startEmbedded, type Embedded, type MigrateResult } from '../../platform/db/index.ts';
import type { Log } from '../../platform/log/index.ts';

export type FoundDatabase = {
  readonly url: string;
  readonly readUrl: string | null;
  readonly applied: MigrateResult['applied'];
  /** The PostgreSQL that this process started or joined; null with a DATABASE_URL. */
  readonly embedded: Embedded | null;
};

/**
 * The database to work on, migrated: the one of DATABASE_URL, or `name` in the embedded PostgreSQL below `var/`, which is
 * started when it does not run.
 */
export async function findDatabase(env: Env, log: Log, name: string): Promise<FoundDatabase> {
  if (env.databaseUrl !== null) {
    const { readUrl, applied } = await migrate(env.databaseUrl, { dir: migrationsDir, log });
    return { url: env.databaseUrl, readUrl: env.databaseReadUrl ?? readUrl, applied, embedded: null };
  }
  const embedded = await startEmbedded({ dir: join(env.varDir, 'postgres'), durable: true, log });
  try {
    await ensureDatabase(embedded.adminUrl, name);
    const url = embedded.url(name);
    const { readUrl, applied } = await migrate(url, { dir: migrationsDir, log });
    return { url, readUrl, applied, embedded };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}
