import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../storefront/free-port.ts';
import { signIn, type GraphqlClient } from './graphql.ts';
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
