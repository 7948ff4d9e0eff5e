import { serve } from '@hono/node-server';
import { Fault } from '../kernel/index.ts';

export type Listening = { readonly origin: string; close(): Promise<void> };

type Answer = Parameters<typeof serve>[0]['fetch'];

/** Puts an app on the network. Throws Fault `server.port_taken`, which says what to do. */
export function listen(fetch: Answer, at: { host: string; port: number }): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: at.host, port: at.port }, (address) => {
      resolve({
        origin: `http://${at.host.includes(':') ? `[${at.host}]` : at.host}:${address.port}`,
        close: () =>
          new Promise<void>((done) => {
            server.close(() => done());
            if ('closeIdleConnections' in server) server.closeIdleConnections();
            setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), 2_000).unref();
          }),
      });
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      const message = `Port ${at.port} is taken. Is Wharf running already? Another port: PORT=3001 npm start`;
      reject(new Fault('conflict', 'server.port_taken', { message, cause: error }));
    });
  });
}
