import { migrationsDir, type Env } from '../../../config/env.ts';
import { checkMigrated, findReader } from '../../platform/db/index.ts';
import { createLog } from '../../platform/log/index.ts';
import { openHub, type Hub } from '../hub.ts';
import { needDatabaseUrl } from './need-database-url.ts';

/** The hub of a process that shares its database with others (`wharf server`, `wharf worker`) and migrates nothing. */
export async function openShared(env: Env): Promise<Hub> {
  const databaseUrl = needDatabaseUrl(env);
  const log = createLog({ level: env.logLevel, pretty: process.stdout.isTTY });
  await checkMigrated(databaseUrl, migrationsDir);
  const readUrl = env.databaseReadUrl ?? (await findReader(databaseUrl));
  const hub = await openHub({ env, log, databaseUrl, readUrl, takesBackups: true });
  hub.deps.outgoing.guardProcess();
  return hub;
}
