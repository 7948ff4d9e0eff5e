import { spawn } from 'node:child_process';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as defaults from '../../../../config/defaults.ts';
import { systemClock } from '../../../kernel/index.ts';
import type { OsUser } from './os-user.ts';
import type { Place } from './place.ts';
import { commandLine, isAlive } from './process-life.ts';

export type Postmaster = { readonly pid: number; readonly port: number };

const pollIntervalMs = 25;

/** Lines of `postmaster.pid`: pid, data directory, start time, port, socket directory, address, shared memory, status. */
async function readPidFile(dataDir: string): Promise<(Postmaster & { status: string }) | null> {
  const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3]), status: (lines[7] ?? '').trim() };
}

/**
 * The server that runs on this data, once it is ready; null when there is none. One that is on its way down is waited
 * for. The pid file of a server that died with its machine is removed: its pid may belong to somebody else by now, and
 * PostgreSQL would refuse to start for it.
 */
export async function findPostmaster(dataDir: string): Promise<Postmaster | null> {
  const deadline = Date.now() + defaults.embeddedStartTimeoutMs;
  for (;;) {
    const found = await readPidFile(dataDir);
    if (found === null || !isAlive(found.pid)) return null;
    if (commandLine(found.pid)?.includes('postgres') === false) {
      await rm(join(dataDir, 'postmaster.pid'), { force: true });
      return null;
    }
    if (found.status === 'ready') return { pid: found.pid, port: found.port };
    if (Date.now() > deadline)
      throw new Error(`PostgreSQL (pid ${found.pid}) is "${found.status}" and does not get ready`);
    await systemClock.sleep(pollIntervalMs);
  }
}

/**
 * Starts a server in a session of its own, so that a terminal's Ctrl-C reaches us and not it, with its output in a file,
 * so that it outlives us without a broken pipe.
 */
export async function startPostmaster(
  place: Place,
  options: { user: OsUser; durable: boolean; port: number | null },
): Promise<Postmaster> {
  const dataDir = join(place.dir, 'data');
  const logPath = join(place.dir, 'server.log');
  const port = options.port ?? (await freePort());
  const output = await open(logPath, (await isLarge(logPath)) ? 'w' : 'a', 0o600);
  const child = spawn(join(place.native, 'bin', 'postgres'), ['-D', dataDir, ...settings(port, options.durable)], {
    cwd: '/',
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
    ...options.user,
  });
  let ended: string | null = null;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended = `exit ${code ?? signal}`));
  child.unref();
  await output.close();
  const deadline = Date.now() + defaults.embeddedStartTimeoutMs;
  for (;;) {
    const found = await readPidFile(dataDir);
    if (found !== null && found.pid === child.pid && found.status === 'ready') return { pid: found.pid, port };
    if (ended !== null || Date.now() > deadline) {
      const log = await readFile(logPath, 'utf8').catch(() => '');
      throw new Error(`PostgreSQL did not start (${ended ?? 'time-out'}):\n${log.slice(-2_000)}`);
    }
    await systemClock.sleep(pollIntervalMs);
  }
}

/** Fast shutdown: sessions are ended, what is committed is written. One that does not come to an end is quit. */
export async function stopPostmaster({ pid }: Postmaster): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    const deadline = Date.now() + defaults.embeddedStopTimeoutMs;
    while (isAlive(pid) && Date.now() < deadline) await systemClock.sleep(pollIntervalMs);
  }
}

function settings(port: number, durable: boolean): string[] {
  const values = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${defaults.embeddedMaxConnections}`,
    'timezone=UTC',
    'log_timezone=UTC',
    'log_min_messages=warning',
    'log_checkpoints=off',
  ];
  const fast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum_naptime=30s'];
  return [...values, ...(durable ? [] : fast)].flatMap((value) => ['-c', value]);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function isLarge(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && found.size > defaults.embeddedServerLogBytesMax;
}
