import { Command } from 'commander';
import { loadEnv, migrationsDir } from '../../../config/env.ts';
import { checkMigrated, findReader } from '../../platform/db/index.ts';
import { createLog } from '../../platform/log/index.ts';
import { openHub } from '../hub.ts';
import { needDatabaseUrl } from '../run/need-database-url.ts';
import { serveHub } from '../serve.ts';
import { untilSignal } from './until-signal.ts';

export function serverCommand(): Command {
  return new Command('server')
    .description('run the HTTP server alone (needs DATABASE_URL, migrated)')
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
      const served = await serveHub(hub, { host: env.host, port: env.port });
      console.log(`Serving on ${env.publicUrl ?? served.origin}`);
      await untilSignal(async () => {
        await served.close();
        await hub.close();
      });
    });
}
