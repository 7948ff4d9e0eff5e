import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../storefront/free-port.ts';
import { signIn, type RestClient } from './rest.ts';
import { seedShop, type SeededShop } from './seed.ts';
import { startMedusa, type RunningMedusa } from './start.ts';

export type LiveShop = {
  readonly server: RunningMedusa;
  /** The merchant, signed in. */
  readonly admin: RestClient;
  readonly seeded: SeededShop;
  /** What connects the hub to it. */
  readonly settings: { readonly baseUrl: string; readonly apiKey: string };
  close(): Promise<void>;
};

/**
 * A freshly seeded Medusa on a free port, with a database of its own on the cluster of `adminUrl`. Its database goes with
 * the test's cluster; its folder and its process go with `close`.
 */
export async function openShop(adminUrl: string): Promise<LiveShop> {
  const dir = await mkdtemp(join(tmpdir(), 'wharf-live-'));
  const server = await startMedusa({ adminUrl, port: await freePort(), dir });
  const close = async (): Promise<void> => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const admin = await signIn(server.origin, server.merchant);
    const seeded = await seedShop(admin);
    return { server, admin, seeded, settings: { baseUrl: server.origin, apiKey: seeded.secretKey }, close };
  } catch (error) {
    await close();
    throw error;
  }
}
