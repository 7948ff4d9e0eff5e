import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signIn, type GraphqlClient } from './graphql.ts';
import { installVendure } from './install.ts';
import { seedShop, type SeededShop } from './seed.ts';
import { startVendure, type RunningVendure } from './start.ts';

export type LiveShop = {
  readonly server: RunningVendure;
  /** The merchant, signed in. */
  readonly admin: GraphqlClient;
  readonly seeded: SeededShop;
  close(): Promise<void>;
};

/**
 * A freshly seeded Vendure on a free port, with a database of its own on the cluster of `adminUrl`. Its database goes with
 * the test's cluster; its folder and its process go with `close`.
 */
export async function openShop(adminUrl: string, options: { pricesIncludeTax: boolean }): Promise<LiveShop> {
  const dir = await mkdtemp(join(tmpdir(), 'wharf-live-'));
  const databaseUrl = new URL(adminUrl);
  databaseUrl.pathname = `/vendure_${randomBytes(4).toString('hex')}`;
  const server = await startVendure({ databaseUrl: databaseUrl.href, port: await freePort(), dir });
  const close = async (): Promise<void> => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const admin = await signIn(server.adminApiUrl, server.credentials);
    return { server, admin, seeded: await seedShop(admin, options), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Why Vendure cannot be had here, or null when it is installed. Without a network this is a notice for people and a failure
 * in CI, where a skipped live test would look like a passed one.
 */
export async function whyNotInstallable(): Promise<string | null> {
  try {
    await installVendure();
    return null;
  } catch (error) {
    if (process.env['CI']) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`NOTICE: the live tests against Vendure are skipped, it cannot be installed: ${reason}\n`);
    return reason;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
