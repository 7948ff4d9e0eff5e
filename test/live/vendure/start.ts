import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { installVendure, type VendureInstall } from './install.ts';

const readyTimeoutMs = 180_000;
const stopGraceMs = 10_000;

export type RunningVendure = {
  readonly adminApiUrl: string;
  readonly shopApiUrl: string;
  readonly credentials: { readonly username: string; readonly password: string };
  readonly install: VendureInstall;
  /** From the start of the process to its first answer, tables and first data included. */
  readonly startSeconds: number;
  readonly pid: number;
  stop(): Promise<void>;
};

/**
 * Installs and starts a real Vendure on 127.0.0.1:`port`. The database of `databaseUrl` is created when it is missing (the
 * role must be allowed to); `dir` takes what the server writes. Throws with the server's last words.
 */
export async function startVendure(options: {
  databaseUrl: string;
  port: number;
  dir: string;
}): Promise<RunningVendure> {
  const install = await installVendure();
  await mkdir(options.dir, { recursive: true });
  const credentials = { username: 'superadmin', password: 'live-test-only' };
  const startedMs = Date.now();
  const child = spawn(process.execPath, [fileURLToPath(new URL('server.cjs', import.meta.url))], {
    cwd: install.dir,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: options.dir,
      TZ: 'UTC',
      VENDURE_DISABLE_TELEMETRY: 'true',
      VENDURE_DATABASE_URL: options.databaseUrl,
      VENDURE_PORT: String(options.port),
      VENDURE_DIR: options.dir,
      VENDURE_USERNAME: credentials.username,
      VENDURE_PASSWORD: credentials.password,
    },
  });
  await untilReady(child);
  const origin = `http://127.0.0.1:${options.port}`;
  return {
    adminApiUrl: `${origin}/admin-api`,
    shopApiUrl: `${origin}/shop-api`,
    credentials,
    install,
    startSeconds: (Date.now() - startedMs) / 1000,
    pid: child.pid ?? 0,
    stop: () => stop(child),
  };
}

async function untilReady(child: ChildProcess): Promise<void> {
  let tail = '';
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`Vendure was not ready in ${readyTimeoutMs} ms: ${tail}`)),
      readyTimeoutMs,
    );
    const read = (chunk: Buffer): void => {
      tail = (tail + chunk.toString()).slice(-3000);
      if (tail.includes('vendure is ready')) {
        clearTimeout(timer);
        resolve();
      }
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`Vendure ended with ${code} before it was ready: ${tail}`));
    });
    child.once('error', reject);
  });
  await ready.catch(async (error: unknown) => {
    await stop(child);
    throw error;
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  signalGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => child.pid !== undefined && signalGroup(child.pid, 'SIGKILL'), stopGraceMs);
  await gone;
  clearTimeout(timer);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group ended between the look and the signal.
  }
}
