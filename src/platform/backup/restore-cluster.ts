import { mkdir, mkdtemp, rename, rm, chmod, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../../kernel/index.ts';
import { embeddedMajor, findClusterFolder, startEmbedded } from '../db/index.ts';
import type { Log } from '../log/index.ts';
import type { Manifest } from './manifest.ts';
import { readManifest } from './read-backup-file.ts';
import { checkMachine, unpackCluster } from './unpack-cluster.ts';

export type RestoreSource = {
  readonly file: string;
  readonly masterKey: Uint8Array;
  readonly log: Log;
  readonly onBytes: (bytes: number) => void;
};

/** One Wharf database of what was restored: migrated, not yet opened by anybody. */
export type RestoredDatabase = { readonly url: string; readonly name: string; readonly manifest: Manifest };

/** What must be done with each before anybody may work on it. */
export type Finish<Result> = (databases: readonly RestoredDatabase[]) => Promise<Result>;

/** Starts the cluster of a backup in a temporary folder, hands its databases to `look`, and throws it away. */
export async function tryCluster<Result>(from: RestoreSource, look: Finish<Result>): Promise<Result> {
  const scratch = await mkdtemp(join(tmpdir(), 'wharf-restore-'));
  // The server's user is not ours when we are root.
  await chmod(scratch, 0o755);
  try {
    return await layAndStart(from, { dir: scratch, durable: false }, look, async () => undefined);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Restores a cluster into a folder. It is laid, started, finished and stopped beside its place, and moved there only then:
 * whatever happens before leaves the place as it was. Data that stood there is put aside, never deleted. Throws Faults
 * `restore.place_taken` without `replace`, and `restore.hub_running`.
 */
export async function restoreCluster<Result>(
  from: RestoreSource,
  into: { dir: string; replace: boolean },
  finish: Finish<Result>,
): Promise<{ result: Result; dir: string; putAside: string | null }> {
  await mkdir(into.dir, { recursive: true });
  const folder = await findClusterFolder({ dir: into.dir, log: from.log });
  if (folder.isInUse) {
    throw new Fault('conflict', 'restore.hub_running', {
      message: `a hub works on ${folder.dir}: stop it first (Ctrl-C in its terminal)`,
    });
  }
  if (folder.hasData && !into.replace) {
    throw new Fault('conflict', 'restore.place_taken', {
      message: `there is a database at ${folder.dir}: --replace puts it aside (nothing is deleted), --into DIR restores elsewhere`,
    });
  }
  const { id } = await readManifest(from.file);
  const attempt = join(folder.dir, `restore-${id}`);
  await rm(attempt, { recursive: true, force: true });
  await mkdir(attempt, { mode: 0o755 });
  let putAside: string | null = null;
  try {
    const result = await layAndStart(from, { dir: attempt, durable: true }, finish, async (laid) => {
      await folder.stopLeftOver();
      if (folder.hasData) putAside = await putDataAside(folder.dir);
      await rename(join(laid, 'password'), join(folder.dir, 'password'));
      await rename(join(laid, 'data'), join(folder.dir, 'data'));
    });
    return { result, dir: folder.dir, putAside };
  } finally {
    await rm(attempt, { recursive: true, force: true });
  }
}

/** `settle` is called after all went well, with the folder where the stopped cluster stands: see `ClusterFolder.dir`. */
async function layAndStart<Result>(
  from: RestoreSource,
  to: { dir: string; durable: boolean },
  finish: Finish<Result>,
  settle: (laid: string) => Promise<void>,
): Promise<Result> {
  const manifest = await readManifest(from.file);
  if (manifest.kind !== 'cluster') throw otherKind();
  checkMachine(manifest, await embeddedMajor());
  const laid = await findClusterFolder({ dir: to.dir, log: from.log });
  try {
    await unpackCluster(from.file, from.masterKey, { dir: laid.dir, own: laid.own, onBytes: from.onBytes });
    const server = await startEmbedded({ dir: to.dir, durable: to.durable, log: from.log });
    let result: Result;
    try {
      result = await finish(manifest.databases.map(({ name }) => ({ name, manifest, url: server.url(name) })));
    } finally {
      await server.stop();
    }
    await settle(laid.dir);
    return result;
  } finally {
    await rm(laid.dir, { recursive: true, force: true });
  }
}

/** Beside what it replaces, under the time it was put there. */
async function putDataAside(dir: string): Promise<string> {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const aside = join(dir, `before-restore-${stamp}`);
  await mkdir(aside, { mode: 0o755 });
  await rename(join(dir, 'data'), join(aside, 'data'));
  const password = join(dir, 'password');
  if (await stat(password).catch(() => null)) await rename(password, join(aside, 'password'));
  return aside;
}

function otherKind(): Fault {
  return new Fault('conflict', 'restore.other_kind', {
    message:
      'this backup is a dump of a database on a server of its own: set DATABASE_URL to a server and restore it there',
  });
}
