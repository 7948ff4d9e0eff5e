import { Command } from 'commander';
import { loadEnv } from '../../../config/env.ts';
import { openShared } from '../run/open-shared.ts';
import { serveHub } from '../serve.ts';
import { untilSignal } from './until-signal.ts';

export function serverCommand(): Command {
  return new Command('server')
    .description('run the HTTP server alone (needs DATABASE_URL, migrated)')
    .action(async () => {
      const env = loadEnv();
      const hub = await openShared(env);
      const served = await serveHub(hub, { host: env.host, port: env.port });
      console.log(`Serving on ${env.publicUrl ?? served.origin}`);
      await untilSignal(async () => {
        await served.close();
        await hub.close();
      });
    });
}
