import { join, resolve } from 'node:path';
import type { Log } from '../../log/index.ts';
import { findBinaries } from './binaries.ts';
import { serverUser } from './os-user.ts';
import { otherOwners } from './owners.ts';
import { exists, findPlace, giveTo } from './place.ts';
import { findPostmaster, stopPostmaster } from './postmaster.ts';

/** Where an embedded cluster stands or may stand, for somebody who puts its files there. */
export type ClusterFolder = {
  /** Holds `data/` and `password`; see `startEmbedded`. */
  readonly dir: string;
  readonly hasData: boolean;
  /** Living processes of ours work on it. */
  readonly isInUse: boolean;
  /** Gives a file or folder to the user that PostgreSQL runs as. */
  own(path: string): Promise<void>;
  /** Stops a server that outlived its processes (kill -9). */
  stopLeftOver(): Promise<void>;
};

export async function findClusterFolder(options: { dir: string; log: Log; outside?: string }): Promise<ClusterFolder> {
  const [binaries, user] = await Promise.all([findBinaries(), serverUser()]);
  const outside = options.outside ?? '/var/lib/wharf';
  const { dir } = await findPlace(resolve(options.dir), { binaries, user, outside, log: options.log });
  const data = join(dir, 'data');
  const hasOwners = (await exists(join(dir, 'owners'))) && (await otherOwners(dir)).length > 0;
  return {
    dir,
    hasData: await exists(data),
    isInUse: hasOwners,
    own: (path) => giveTo(user, path),
    async stopLeftOver() {
      const postmaster = await findPostmaster(data);
      if (postmaster !== null) await stopPostmaster(postmaster);
    },
  };
}

/** The major version of the PostgreSQL that comes from npm. */
export async function embeddedMajor(): Promise<number> {
  return Number.parseInt((await findBinaries()).version, 10);
}
