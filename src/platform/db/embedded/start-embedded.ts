import { join, resolve } from 'node:path';
import type { Log } from '../../log/index.ts';
import { ensureDatabase } from '../ensure-database.ts';
import { findBinaries } from './binaries.ts';
import { clusterPassword, clusterUser, ensureCluster } from './create-cluster.ts';
import { serverUser } from './os-user.ts';
import { otherOwners, registerOwner, releaseOwner } from './owners.ts';
import { findPlace } from './place.ts';
import { findPostmaster, startPostmaster, stopPostmaster, type Postmaster } from './postmaster.ts';

export type EmbeddedOptions = {
  /** Holds `data/`, `password`, `server.log` and `owners/`; made when missing. */
  readonly dir: string;
  /** Null or absent: a free one. */
  readonly port?: number | null;
  /** False switches fsync off: for tests. */
  readonly durable: boolean;
  readonly log: Log;
  /** Where data and binaries go when the server's user cannot enter `dir`. */
  readonly outside?: string;
};

export type Embedded = {
  readonly pid: number;
  readonly port: number;
  /** Where it really stands; see `outside`. */
  readonly dir: string;
  readonly adminUrl: string;
  /** A server whose process of ours was killed was found running and taken over. */
  readonly adopted: boolean;
  /** Another living process of ours uses this server; stopping ours leaves it running. */
  readonly joined: boolean;
  url(database: string): string;
  ensureDatabase(name: string): Promise<void>;
  /** Fast shutdown, unless another living process still uses the server. */
  stop(): Promise<void>;
};

const startAttemptsMax = 3;

/** Starts PostgreSQL on `dir`, or takes over or joins the one that runs there. Loopback only, with a password. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { durable, log } = options;
  const [binaries, user] = await Promise.all([findBinaries(), serverUser()]);
  const outside = options.outside ?? '/var/lib/wharf';
  const place = await findPlace(resolve(options.dir), { binaries, user, outside, log });
  await registerOwner(place.dir);
  await ensureCluster(place, { user, durable });
  const running = await findPostmaster(join(place.dir, 'data'));
  const joined = running !== null && (await otherOwners(place.dir)).length > 0;
  const adopted = running !== null && !joined;
  const postmaster =
    running ??
    (await startOrFind(join(place.dir, 'data'), () =>
      startPostmaster(place, { user, durable, port: options.port ?? null }),
    ));
  if (adopted) log.info({ pid: postmaster.pid }, 'took over the PostgreSQL that an earlier run left behind');
  const password = await clusterPassword(place.dir);
  const url = (database: string): string =>
    `postgresql://${clusterUser}:${password}@127.0.0.1:${postmaster.port}/${encodeURIComponent(database)}`;
  return {
    pid: postmaster.pid,
    port: postmaster.port,
    dir: place.dir,
    adminUrl: url('postgres'),
    adopted,
    joined,
    url,
    ensureDatabase: (name) => ensureDatabase(url('postgres'), name),
    async stop() {
      await releaseOwner(place.dir);
      if ((await otherOwners(place.dir)).length === 0) await stopPostmaster(postmaster);
    },
  };
}

/** A start can lose a race for its port, or against another process that starts the same data: that one is then used. */
async function startOrFind(dataDir: string, start: () => Promise<Postmaster>): Promise<Postmaster> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      const other = await findPostmaster(dataDir);
      if (other !== null) return other;
      if (attempt === startAttemptsMax) throw error;
    }
  }
}
