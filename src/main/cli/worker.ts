import { Command } from 'commander';
import { loadEnv } from '../../../config/env.ts';
import { openShared } from '../run/open-shared.ts';
import { serveHealth } from '../serve.ts';
import { untilSignal } from './until-signal.ts';

export function workerCommand(): Command {
  return new Command('worker')
    .description('drain lanes alone; start as many as you like (needs DATABASE_URL, migrated)')
    .action(async () => {
      const env = loadEnv();
      const hub = await openShared(env);
      const health =
        env.metricsPort === null ? null : await serveHealth(hub, { host: env.host, port: env.metricsPort });
      await hub.work();
      console.log(health === null ? 'Working' : `Working; health and metrics on ${health.origin}`);
      await untilSignal(async () => {
        await health?.close();
        await hub.close();
      });
    });
}
