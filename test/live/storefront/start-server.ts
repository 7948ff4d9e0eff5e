import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const readyTimeoutMs = 180_000;
const stopGraceMs = 10_000;

export type ServerCommand = {
  readonly name: string;
  /** Node's arguments, the script first. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** Nothing of ours is handed on but the path. */
  readonly env: Readonly<Record<string, string>>;
};

export type RunningServer = {
  readonly pid: number;
  /** From the start of the process to its first answer. */
  readonly startSeconds: number;
  stop(): Promise<void>;
};

/**
 * Starts a server in a process group of its own and waits until it prints `readyText`. The other end of its standard input is
 * ours: a server that watches it goes when we die, however we die. Throws with the server's last words.
 */
export async function startServer(command: ServerCommand & { readonly readyText: string }): Promise<RunningServer> {
  const startedMs = Date.now();
  const child = start(command);
  try {
    await untilReady(child, command);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { pid: child.pid ?? 0, startSeconds: (Date.now() - startedMs) / 1000, stop: () => stop(child) };
}

/** Runs a command to its end. Throws with its last words. */
export async function runToEnd(command: ServerCommand): Promise<void> {
  const child = start(command);
  const tail = keepTail(child);
  const timer = setTimeout(() => void stop(child), readyTimeoutMs);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  if (code !== 0) throw new Error(`${command.name} ended with ${code}: ${tail()}`);
}

function start({ args, cwd, env }: ServerCommand): ChildProcess {
  return spawn(process.execPath, args, {
    cwd,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], TZ: 'UTC', ...env },
  });
}

function keepTail(child: ChildProcess): () => string {
  let tail = '';
  const keep = (chunk: Buffer): void => {
    tail = (tail + chunk.toString()).slice(-3000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => tail;
}

async function untilReady(child: ChildProcess, command: { name: string; readyText: string }): Promise<void> {
  const { name, readyText } = command;
  const tail = keepTail(child);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${name} was not ready in ${readyTimeoutMs} ms: ${tail()}`)),
      readyTimeoutMs,
    );
    child.stdout?.on('data', () => {
      if (!tail().includes(readyText)) return;
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${name} ended with ${code} before it was ready: ${tail()}`));
    });
    child.once('error', reject);
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
