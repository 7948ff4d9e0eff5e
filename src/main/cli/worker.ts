import { Command } from 'commander';
import { loadEnv, migrationsDir } from '../../../config/env.ts';
import { checkMigrated, findReader } from '../../platform/db/index.ts';
import { createLog } from '../../platform/log/index.ts';
import { openHub } from '../hub.ts';
import { needDatabaseUrl } from '../run/need-database-url.ts';
import { untilSignal } from './until-signal.ts';

export function workerCommand(): Command {
  return new Command('worker')
    .description('drain lanes alone; start as many as you like (needs DATABASE_URL, migrated)')
    .action(async () => {
      const env = loadEnv();
      const databaseUrl = needDatabaseUrl(env);
      const log = createLog({ level: env.logLevel, pretty: process.stdout.isTTY });
      await checkMigrated(databaseUrl, migrationsDir);
      const hub = await openHub({
        env,
        log,
        databaseUrl,
        readUrl: env.databaseReadUrl ?? (await findReader(databaseUrl)),
      });
      hub.deps.outgoing.guardProcess();
      await hub.work();
      console.log('Working');
      await untilSignal(hub.close);
    });
}
