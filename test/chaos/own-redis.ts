import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../support/free-port.ts';
import { endWithUs } from './reaper.ts';

const run = promisify(execFile);

export type OwnRedis = {
  readonly port: number;
  readonly url: string;
  /** One command by redis-cli; rejects where Redis answers an error. */
  command(...words: string[]): Promise<string>;
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
};

const startDeadlineMs = 30_000;

/** A Redis of this suite alone, as config/compose.yaml runs it: append-only, never evicting. */
export async function openOwnRedis(): Promise<OwnRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'wharf-chaos-redis-'));
  const forgetFolder = endWithUs({ kind: 'folder', path: folder });
  const port = await freePort();
  let server: ChildProcess | null = null;
  let forgetServer = (): void => undefined;
  const command = async (...words: string[]): Promise<string> =>
    (await run('redis-cli', ['-e', '-p', String(port), ...words])).stdout.trim();

  const start = async (): Promise<void> => {
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
    const keeping = ['--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction'];
    server = spawn('redis-server', [...place, ...keeping], { cwd: '/', stdio: 'ignore' });
    server.on('error', () => undefined);
    forgetServer = endWithUs({ kind: 'process', pid: server.pid ?? 0, signal: 'KILL' });
    const deadline = Date.now() + startDeadlineMs;
    while ((await command('PING').catch(() => '')) !== 'PONG') {
      if (Date.now() > deadline) throw new Error('Redis did not start');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const kill = async (): Promise<void> => {
    const child = server;
    server = null;
    if (child === null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    forgetServer();
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    command,
    kill,
    start,
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
      forgetFolder();
    },
  };
}
