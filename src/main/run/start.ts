import type { Env } from '../../../config/env.ts';
import type { Log } from '../../platform/log/index.ts';
import { openDemoShop, runDemo } from '../demo/index.ts';
import { openHub } from '../hub.ts';
import { recoveryNote } from '../recovery/recovery-note.ts';
import { serveHub } from '../serve.ts';
import { findDatabase } from './find-database.ts';
import { findLocalToken } from './local-token.ts';
import { databaseName, readMode } from './mode.ts';

export type Started = {
  readonly origin: string;
  /** The console, signed in. */
  readonly address: string;
  readonly token: string;
  readonly mode: 'demo' | 'real';
  close(): Promise<void>;
};

/**
 * `wharf start`: server and worker in one process, on the embedded database unless DATABASE_URL is set; in demo mode with a
 * sandbox shop that sells. What was opened is closed in reverse order, also when a later step fails.
 */
export async function start(env: Env, log: Log, say: (line: string) => void): Promise<Started> {
  const mode = readMode(env);
  const name = databaseName(mode);
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    say(env.databaseUrl === null ? 'Opening the embedded PostgreSQL …' : 'Opening the database …');
    const found = await findDatabase(env, log, name);
    if (found.embedded !== null) closers.push(() => found.embedded?.stop() ?? Promise.resolve());
    if (found.applied.length > 0) say(`Migrated: ${found.applied.length} files`);
    const demoShop = mode === 'demo' ? await openDemoShop(env) : null;
    if (demoShop !== null) closers.push(demoShop.close);
    const privateOrigins = demoShop === null ? [] : [demoShop.origin];
    const hub = await openHub({
      env,
      log,
      databaseUrl: found.url,
      readUrl: found.readUrl,
      privateOrigins,
      takesBackups: mode === 'real',
    });
    closers.push(hub.close);
    // In the demo this process is also the shop, which calls the hub on loopback.
    if (demoShop === null) hub.deps.outgoing.guardProcess();
    const served = await serveHub(hub, { host: env.host, port: env.port });
    closers.push(served.close);
    const token = await findLocalToken(env, hub.deps.database, name);
    if (demoShop !== null) closers.push(await runDemo(hub, demoShop, say));
    const note = await recoveryNote(hub.deps.database);
    if (note !== null) say(`\n${note}`);
    await hub.work({ publicOrigin: served.origin });
    const origin = env.publicUrl ?? served.origin;
    return { origin, address: `${origin}/?token=${token}`, token, mode, close };
  } catch (error) {
    await close();
    throw error;
  }
}
