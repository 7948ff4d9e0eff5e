import { serve } from '@hono/node-server';

export type Served = { readonly origin: string; close(): Promise<void> };

const keepAliveMs = 120_000;

/** Answers HTTP on 127.0.0.1 by `fetch`. `port` 0 takes a free one; rejects when the port is taken. */
export function serveOnLoopback(fetch: Parameters<typeof serve>[0]['fetch'], port = 0): Promise<Served> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: '127.0.0.1', port }, (address) => {
      resolve({
        origin: `http://127.0.0.1:${address.port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    // Node's 5 s pass while a busy test computes; the next request would meet a connection that has just been closed.
    if ('keepAliveTimeout' in server) server.keepAliveTimeout = keepAliveMs;
    server.on('error', reject);
  });
}
