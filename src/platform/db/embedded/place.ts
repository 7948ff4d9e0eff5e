import { createHash, randomUUID } from 'node:crypto';
import { chown, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../log/index.ts';
import type { Binaries } from './binaries.ts';
import { canReach, type OsUser } from './os-user.ts';

export type Place = { readonly native: string; readonly dir: string };

/**
 * Where the binaries and the data stand. As root, below a folder that only root may enter (a checkout in /root), the
 * server's user reaches neither: both then stand under `outside`, in a folder named by the wanted one.
 */
export async function findPlace(
  wanted: string,
  options: { binaries: Binaries; user: OsUser; outside: string; log: Log },
): Promise<Place> {
  const { binaries, user, outside, log } = options;
  await mkdir(wanted, { recursive: true });
  const inside = { native: binaries.native, dir: wanted };
  const reachable = (await canReach(user, wanted)) && (await canReach(user, join(binaries.native, 'bin', 'postgres')));
  if (reachable) return inside;
  const dir = join(outside, createHash('sha256').update(wanted).digest('hex').slice(0, 12));
  const native = join(dir, `postgresql-${binaries.version}`);
  await mkdir(dir, { recursive: true });
  if (!(await exists(native))) await copyWhole(binaries.native, native);
  log.info({ dir }, 'the user "postgres" cannot enter the checkout: database and binaries stand outside it');
  return { native, dir };
}

/** The rename makes the copy whole or absent, whoever is killed and however many copy at once. */
async function copyWhole(from: string, to: string): Promise<void> {
  const partial = `${to}.${randomUUID()}`;
  await cp(from, partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, to).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true });
    if (!(await exists(to))) throw error;
  });
}

/** Gives a folder to the server's user; ours when there is none. */
export async function giveTo(user: OsUser, path: string): Promise<void> {
  if (user !== null) await chown(path, user.uid, user.gid);
}

export function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
