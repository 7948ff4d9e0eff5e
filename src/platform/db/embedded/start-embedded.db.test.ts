import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { quietLog, recordingLog } from '../../../../test/support/quiet-log.ts';
import { startEmbedded, type Embedded } from '../index.ts';
import { findPostmaster, stopPostmaster } from './postmaster.ts';
import { isAlive } from './process-life.ts';

const checkout = join(import.meta.dirname, '../../../..');
const isRoot = process.getuid?.() === 0;

// Each test starts servers and processes: far from this limit, unless the machine is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let dir = '';
const started: Embedded[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'wharf-embedded-'));
  await chmod(dir, 0o755);
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of started.splice(0)) await server.stop();
  const left = await findPostmaster(join(dir, 'data'));
  if (left !== null) await stopPostmaster(left);
  await rm(dir, { recursive: true });
  expect(left).toBe(null);
});

async function start(options: Partial<Parameters<typeof startEmbedded>[0]> = {}): Promise<Embedded> {
  const server = await startEmbedded({ dir, durable: false, log: quietLog, ...options });
  started.push(server);
  return server;
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query(statement);
  await client.end();
  return rows;
}

/** Another process of ours that owns the server of this test. */
async function owner(): Promise<{ child: ChildProcess; server: { pid: number; url: string; adopted: boolean } }> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(checkout, 'test/support/run-embedded.ts'), dir], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line]: unknown[] = await once(child.stdout, 'data');
  return { child, server: JSON.parse(String(line)) };
}

test('it starts, keeps its data over a stop, and listens on loopback only, with a password', async () => {
  const first = await start();
  await first.ensureDatabase('wharf');
  await Promise.all([first.ensureDatabase('other'), first.ensureDatabase('other')]);
  await query(first.url('wharf'), 'create table kept (id int)');
  const [settings] = await query(
    first.adminUrl,
    `select current_setting('listen_addresses') as listen, current_setting('max_connections') as max,
      current_setting('unix_socket_directories') as sockets, current_setting('TimeZone') as zone,
      (select datcollate || ' ' || datlocale from pg_database where datname = 'wharf') as locale`,
  );
  expect(settings).toEqual({ listen: '127.0.0.1', max: '200', sockets: '', zone: 'UTC', locale: 'C C.UTF-8' });
  await expect(query(first.adminUrl.replace(/:[^:@/]+@/, ':wrong@'), 'select 1')).rejects.toMatchObject({
    code: '28P01',
  });
  expect((await stat(join(dir, 'password'))).mode & 0o777).toBe(0o600);
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);
  const second = await start();
  expect(second.adopted).toBe(false);
  expect(await query(second.url('wharf'), 'select count(*)::int4 as n from kept')).toEqual([{ n: 0 }]);
});

test('a durable server keeps fsync on', async () => {
  const server = await start({ durable: true });
  expect(
    await query(server.adminUrl, `select current_setting('fsync') || current_setting('synchronous_commit') as on`),
  ).toEqual([{ on: 'onon' }]);
});

test('the server that a killed process left behind is taken over, and stops with us', async () => {
  const { child, server } = await owner();
  await query(server.url, 'create table kept (id int)');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isAlive(server.pid)).toBe(true);
  const log = recordingLog();
  const taken = await start({ log });
  expect({ pid: taken.pid, adopted: taken.adopted, joined: taken.joined }).toEqual({
    pid: server.pid,
    adopted: true,
    joined: false,
  });
  expect(log.lines.map(({ message }) => message)).toEqual(['took over the PostgreSQL that an earlier run left behind']);
  expect(await query(taken.adminUrl, 'select count(*)::int4 as n from kept')).toEqual([{ n: 0 }]);
  await taken.stop();
  expect(isAlive(server.pid)).toBe(false);
});

test('the last of the processes that use a server stops it', async () => {
  const { child, server } = await owner();
  const joined = await start();
  expect({ pid: joined.pid, joined: joined.joined, adopted: joined.adopted }).toEqual({
    pid: server.pid,
    joined: true,
    adopted: false,
  });
  await joined.stop();
  expect(isAlive(server.pid)).toBe(true);
  const again = await start();
  child.kill('SIGINT');
  await once(child, 'exit');
  expect(await query(again.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await again.stop();
  expect(isAlive(server.pid)).toBe(false);
});

test('two processes that start a new cluster at once share one server', async () => {
  const [one, two] = await Promise.all([owner(), owner()]);
  expect(one.server.pid).toBe(two.server.pid);
  expect(await query(one.server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  for (const { child } of [one, two]) {
    child.kill('SIGINT');
    await once(child, 'exit');
  }
  expect(isAlive(one.server.pid)).toBe(false);
});

test.runIf(process.platform === 'linux')(
  'a Ctrl-C of the terminal does not reach the server before its owner does',
  async () => {
    const { child, server } = await owner();
    // After the name in brackets: state, parent, process group.
    const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    expect(Number(fields[2])).toBe(server.pid);
    child.kill('SIGINT');
    await once(child, 'exit');
  },
);

test('a pid file whose pid now belongs to another program does not keep it from starting', async () => {
  const first = await start();
  await first.stop();
  const data = join(dir, 'data');
  await writeFile(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n1\n5432\n\n127.0.0.1\n1 1\nready\n`);
  const second = await start();
  expect(await query(second.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test.runIf(isRoot)('below a 0700 folder, as root, it stands outside and says so', async () => {
  const closed = join(dir, 'root-only');
  const outside = join(dir, 'outside');
  await mkdir(closed, { mode: 0o700 });
  const log = recordingLog();
  const server = await startEmbedded({ dir: join(closed, 'checkout/var/postgres'), durable: false, log, outside });
  started.push(server);
  expect(server.dir.startsWith(outside)).toBe(true);
  expect(log.lines).toEqual([
    {
      level: 'info',
      fields: { dir: server.dir },
      message: 'the user "postgres" cannot enter the checkout: database and binaries stand outside it',
    },
  ]);
  expect(await readdir(server.dir)).toEqual(expect.arrayContaining(['data', 'password']));
  expect(await query(server.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
});
