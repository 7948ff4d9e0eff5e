import { Command } from 'commander';
import { loadEnv } from '../../../config/env.ts';
import { openShared } from '../run/open-shared.ts';
import { untilSignal } from './until-signal.ts';

export function workerCommand(): Command {
  return new Command('worker')
    .description('drain lanes alone; start as many as you like (needs DATABASE_URL, migrated)')
    .action(async () => {
      const hub = await openShared(loadEnv());
      await hub.work();
      console.log('Working');
      await untilSignal(hub.close);
    });
}
