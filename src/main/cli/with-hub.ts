import { loadEnv, type Env } from '../../../config/env.ts';
import type { Actor } from '../../platform/db/index.ts';
import { createLog } from '../../platform/log/index.ts';
import { openHub, type Hub } from '../hub.ts';
import { findDatabase } from '../run/find-database.ts';
import { databaseName, readMode } from '../run/mode.ts';

/** The person at the terminal: whoever can start this program may do everything. */
export const cliActor: Actor = { kind: 'system', id: 'cli' };

/** Opens the hub for one command, without draining lanes, and closes it again. Log lines go to standard error. */
export async function withHub<Result>(work: (hub: Hub, env: Env) => Promise<Result>): Promise<Result> {
  const env = loadEnv();
  const log = createLog({
    level: env.logLevel === 'info' ? 'warn' : env.logLevel,
    pretty: true,
    write: (line) => void process.stderr.write(line),
  });
  const found = await findDatabase(env, log, databaseName(readMode(env)));
  try {
    const hub = await openHub({ env, log, databaseUrl: found.url, readUrl: found.readUrl });
    try {
      return await work(hub, env);
    } finally {
      await hub.close();
    }
  } finally {
    await found.embedded?.stop();
  }
}
