import { serve } from '@hono/node-server';
import { Fault } from '../kernel/index.ts';
import { openTokenGate } from '../identity/index.ts';
import { buildApp } from './app.ts';
import type { Hub } from './hub.ts';

export type Served = { readonly origin: string; close(): Promise<void> };

/** Puts the hub on the network. Throws Fault `server.port_taken`, which says what to do. */
export function serveHub(hub: Hub, at: { host: string; port: number }): Promise<Served> {
  const gate = openTokenGate(hub.deps);
  const app = buildApp(hub, gate);
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: at.host, port: at.port }, (address) => {
      resolve({
        origin: `http://${at.host.includes(':') ? `[${at.host}]` : at.host}:${address.port}`,
        async close() {
          await new Promise<void>((done) => {
            server.close(() => done());
            if ('closeIdleConnections' in server) server.closeIdleConnections();
            setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), 2_000).unref();
          });
          await gate.close();
        },
      });
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      const message = `Port ${at.port} is taken. Is Wharf running already? Another port: PORT=3001 npm start`;
      reject(new Fault('conflict', 'server.port_taken', { message, cause: error }));
    });
  });
}
