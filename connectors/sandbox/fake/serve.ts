import { serve } from '@hono/node-server';
import type { Sandbox } from './create-sandbox.ts';

export type ServedSandbox = { readonly origin: string; close(): Promise<void> };

/** Puts a sandbox on loopback. `port` 0 takes a free one. Rejects when the port is taken. */
export function serveSandbox(options: { readonly sandbox: Sandbox; readonly port?: number }): Promise<ServedSandbox> {
  const { sandbox, port = 0 } = options;
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: sandbox.app.fetch, hostname: '127.0.0.1', port }, (address) => {
      resolve({
        origin: `http://127.0.0.1:${address.port}`,
        close: () =>
          new Promise((done) => {
            sandbox.close();
            server.close(() => done());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.on('error', reject);
  });
}
