import { Command } from 'commander';
import { loadEnv } from '../../../config/env.ts';
import { createLog } from '../../platform/log/index.ts';
import { chooseMode } from '../run/mode.ts';
import { start } from '../run/start.ts';
import { untilSignal } from './until-signal.ts';

export function startCommand(): Command {
  return new Command('start')
    .description('run server and worker in one process; the first time, with a demo')
    .option('--real', 'leave the demo and open an empty database of your own, now and from now on')
    .option('--demo', 'open the demo again')
    .addHelpText(
      'after',
      `
Without DATABASE_URL this owns a PostgreSQL below var/. PORT chooses the port (3000). Ctrl-C stops everything it started.`,
    )
    .action(async (options: { real?: boolean; demo?: boolean }) => {
      const env = loadEnv();
      if (options.real === true) chooseMode(env, 'real');
      if (options.demo === true) chooseMode(env, 'demo');
      const log = createLog({ level: env.logLevel, pretty: process.stdout.isTTY });
      const started = await start(env, log, (line) => console.log(line));
      console.log(`
Wharf is ready${started.mode === 'demo' ? ' (demo; "npm start -- --real" opens an empty one)' : ''}.

  console   ${started.address}
  API       ${started.origin}/api/v1   described at ${started.origin}/openapi.json
  token     ${started.token}
`);
      await untilSignal(started.close);
    });
}
