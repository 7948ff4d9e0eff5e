import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../support/free-port.ts';
import { administer } from '../support/database.ts';
import { endWithUs } from './reaper.ts';

const run = promisify(execFile);

export type OwnPostgres = {
  readonly port: number;
  readonly url: (database: string) => string;
  /** Where its data lies; the mount point where it has a disk of its own. */
  readonly folder: string;
  /** kill -9 of the postmaster, or an immediate stop; resolves when it is gone. */
  end(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void>;
  /** Resolves when it takes connections again, its recovery included. */
  start(): Promise<void>;
  /** As a supervisor: waits until it answers, and starts it where it has ended by itself. */
  revive(): Promise<void>;
  close(): Promise<void>;
};

const startDeadlineMs = 60_000;
const superuser = 'wharf_chaos';

/** Debian's PostgreSQL 15, or another on the PATH: a cluster of this suite alone. `diskMb` puts it on a tmpfs (needs root). */
export async function openOwnPostgres(options: { readonly diskMb?: number } = {}): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'wharf-chaos-pg-'));
  const forgetFolder = endWithUs({ kind: 'folder', path: folder });
  chmodSync(folder, 0o755);
  const unmount = options.diskMb === undefined ? async () => undefined : await mountDisk(folder, options.diskMb);
  const user = await postgresUser();
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const password = randomBytes(12).toString('hex');
  const data = join(folder, 'data');
  await initialise(data, folder, password, user);
  const port = await freePort();
  const url = (database: string): string => `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`;
  let postmaster: ChildProcess | null = null;
  let forgetPostmaster = (): void => undefined;

  const start = async (): Promise<void> => {
    const deadline = Date.now() + startDeadlineMs;
    // Backends of a killed postmaster hold its shared memory for a moment: it is started until it stands.
    while (Date.now() < deadline) {
      postmaster = spawnPostmaster(data, folder, port, user);
      forgetPostmaster = endWithUs({ kind: 'process', pid: postmaster.pid ?? 0, signal: 'QUIT' });
      if (await answers(url('postgres'), postmaster, deadline)) return;
      forgetPostmaster();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`PostgreSQL did not start; see ${folder}/server.log`);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const child = postmaster;
    postmaster = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    forgetPostmaster();
  };
  const revive = async (): Promise<void> => {
    const standing = postmaster;
    if (standing !== null && (await answers(url('postgres'), standing, Date.now() + startDeadlineMs))) return;
    await end('SIGQUIT');
    await start();
  };
  await start();
  return {
    port,
    url,
    folder,
    end,
    start,
    revive,
    async close() {
      await end('SIGQUIT');
      await unmount();
      rmSync(folder, { recursive: true, force: true });
      forgetFolder();
    },
  };
}

type User = { readonly uid: number; readonly gid: number };

/** PostgreSQL refuses to run as root: its package's user runs it then. */
async function postgresUser(): Promise<User | null> {
  if (process.getuid?.() !== 0) return null;
  const id = async (what: string): Promise<number> => Number((await run('id', [what, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

function binary(name: string): string {
  const debian = join('/usr/lib/postgresql/15/bin', name);
  return existsSync(debian) ? debian : name;
}

async function initialise(data: string, folder: string, password: string, user: User | null): Promise<void> {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  chmodSync(passwordFile, 0o644);
  const words = ['-D', data, '-U', superuser, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-sync'];
  const given = ['--encoding=UTF8', '--locale=C.UTF-8', '--wal-segsize=4'];
  await run(binary('initdb'), [...words, ...given], { cwd: '/', ...user }).catch((error: unknown) => {
    throw new Error('PostgreSQL could not be set up; .ci/servers brings it where it is missing', { cause: error });
  });
}

/** Without fsync: what a killed process had handed to the kernel stays there. */
function spawnPostmaster(data: string, folder: string, port: number, user: User | null): ChildProcess {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=200',
    'shared_buffers=64MB',
    'max_wal_size=64MB',
    'min_wal_size=16MB',
  ].flatMap((setting) => ['-c', setting]);
  const log = openSync(join(folder, 'server.log'), 'a', 0o644);
  const words = ['-D', data, ...settings];
  const child = spawn(binary('postgres'), words, { cwd: '/', stdio: ['ignore', log, log], ...user });
  child.on('error', () => undefined);
  closeSync(log);
  return child;
}

async function answers(url: string, postmaster: ChildProcess, deadline: number): Promise<boolean> {
  while (Date.now() < deadline && postmaster.exitCode === null && postmaster.signalCode === null) {
    const isUp = await administer(url, 'select 1').then(
      () => true,
      () => false,
    );
    if (isUp) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

async function mountDisk(folder: string, megabytes: number): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', folder]);
  const forget = endWithUs({ kind: 'mount', path: folder });
  return async () => {
    await run('umount', ['-l', folder]);
    forget();
  };
}
