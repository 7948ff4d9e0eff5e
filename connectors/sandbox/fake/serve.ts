import type { ServeFake } from '../../../src/connector-kit/index.ts';
import { serveOnLoopback } from '../../../src/connector-kit/testing/index.ts';
import { createSandbox, type Sandbox } from './create-sandbox.ts';

export type ServedSandbox = { readonly origin: string; close(): Promise<void> };

/** Puts a sandbox on loopback. `port` 0 takes a free one. Rejects when the port is taken. */
export async function serveSandbox(options: {
  readonly sandbox: Sandbox;
  readonly port?: number;
}): Promise<ServedSandbox> {
  const { sandbox, port = 0 } = options;
  const { origin, close } = await serveOnLoopback(sandbox.app.fetch, port);
  return {
    origin,
    close: () => {
      sandbox.close();
      return close();
    },
  };
}

/** The catalogue, its stock, and an order for each of its first listings. */
export const serveFake: ServeFake = async ({ port }) => {
  const sandbox = createSandbox();
  const { origin, close } = await serveSandbox({ sandbox, port });
  for (const { id } of sandbox.state.listings.slice(0, 3)) {
    sandbox.placeOrder({ lines: [{ listingId: id, quantity: 2 }], shippingMinor: 490 });
  }
  const { apiKey, webhookSecret } = sandbox;
  return { origin, settings: { baseUrl: origin, apiKey, webhookSecret }, close };
};
