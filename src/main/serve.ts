import { openTokenGate } from '../identity/index.ts';
import { pingDatabase } from '../platform/db/index.ts';
import { createApp, healthRoutes } from '../platform/http/index.ts';
import { buildApp } from './app.ts';
import type { Hub } from './hub.ts';
import { listen, type Listening } from './listen.ts';

export type Served = Listening;

/** Puts the hub on the network. Throws Fault `server.port_taken`. */
export async function serveHub(hub: Hub, at: { host: string; port: number }): Promise<Served> {
  const gate = openTokenGate(hub.deps);
  const listening = await listen(buildApp(hub, gate).fetch, at);
  return {
    origin: listening.origin,
    async close() {
      await listening.close();
      await gate.close();
    },
  };
}

/** Only `/livez`, `/readyz` and `/metrics`: for a process that serves nothing else. */
export function serveHealth(hub: Hub, at: { host: string; port: number }): Promise<Served> {
  const { deps, metrics, queue, scrape } = hub;
  const app = createApp({ database: deps.database, log: deps.log, authenticate: async () => null, metrics });
  const checks = { database: () => pingDatabase(deps.database), queue: () => queue.countWaiting() };
  app.route('/', healthRoutes({ metrics, checks, scrape }));
  return listen(app.fetch, at);
}
