import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { Fault } from '../../kernel/index.ts';

const run = promisify(execFile);
const errorTextMax = 2_000;

export type DumpTool = 'pg_dump' | 'pg_restore';

/**
 * A tool of PostgreSQL, on the PATH, at least as new as the server. Throws Fault `backup.tool_missing` or
 * `backup.tool_too_old`, which say what to install.
 */
export async function checkTool(tool: DumpTool, serverVersion: number, path: string): Promise<void> {
  const wanted = Math.floor(serverVersion / 10_000);
  const install = `install PostgreSQL's client tools, version ${wanted} or newer (Debian: apt-get install postgresql-client-${wanted}), on this machine`;
  const answer = await run(tool, ['--version'], { env: { PATH: path } }).catch(() => null);
  const version = /\(PostgreSQL\)\s+(\d+)/.exec(answer?.stdout ?? '')?.[1];
  if (version === undefined) {
    throw new Fault('conflict', 'backup.tool_missing', { message: `${tool} is not on the PATH: ${install}` });
  }
  if (Number(version) < wanted) {
    throw new Fault('conflict', 'backup.tool_too_old', {
      message: `${tool} is of version ${version} and the server of version ${wanted}: ${install}`,
    });
  }
}

export type RunningTool = { readonly stdout: Readable; readonly stdin: Writable; finished(): Promise<void> };

/** Runs a tool on a database. Where it is and who we are stands in its environment: arguments can be seen by everybody. */
export function runTool(tool: DumpTool, args: readonly string[], url: string, path: string): RunningTool {
  const child = spawn(tool, [...args, '--no-password'], {
    env: { PATH: path, LC_ALL: 'C', ...connection(url) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = endOf(child, tool);
  // Its failure is told by `finished`; until somebody asks it must not end the process.
  ended.catch(() => undefined);
  child.stdin.on('error', () => undefined);
  return { stdout: child.stdout, stdin: child.stdin, finished: () => ended };
}

async function endOf(child: ChildProcess, tool: DumpTool): Promise<void> {
  let said = '';
  child.stderr?.on('data', (piece: Buffer) => (said = (said + piece.toString('utf8')).slice(-errorTextMax)));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code === 0) return;
  throw new Fault('unavailable', 'backup.tool_failed', {
    message: `${tool} ended with ${code ?? signal}: ${said.trim()}`,
  });
}

/** As libpq reads them. Options of the URL (sslmode, sslrootcert …) become their variables where there is one. */
function connection(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const values: Record<string, string> = {
    PGHOST: searchParams.get('host') ?? decodeURIComponent(hostname),
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    PGSSLMODE: searchParams.get('sslmode') ?? '',
    PGSSLROOTCERT: searchParams.get('sslrootcert') ?? '',
    PGSSLCERT: searchParams.get('sslcert') ?? '',
    PGSSLKEY: searchParams.get('sslkey') ?? '',
    PGAPPNAME: 'wharf-backup',
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
