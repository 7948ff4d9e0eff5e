import { Command } from 'commander';
import { loadEnv } from '../../../config/env.ts';
import { createLog } from '../../platform/log/index.ts';
import { findDatabase } from '../run/find-database.ts';
import { databaseName, readMode } from '../run/mode.ts';
import { printOne } from './print.ts';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description("bring the database to this program's migrations")
    .action(async (_options: object, command: Command) => {
      const env = loadEnv();
      const log = createLog({ level: env.logLevel, pretty: true, write: (line) => void process.stderr.write(line) });
      const found = await findDatabase(env, log, databaseName(readMode(env)));
      await found.embedded?.stop();
      printOne(command, { applied: found.applied.length === 0 ? 'nothing to do' : found.applied.join(', ') });
    });
}
