import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const checkout = resolve(import.meta.dirname, '../..');

export type RunningWharf = {
  readonly pid: number;
  readonly origin: string;
  readonly address: string;
  readonly token: string;
  /** All that it printed so far. */
  output(): string;
  /** As Ctrl-C does; resolves with the exit code. */
  interrupt(): Promise<number | null>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
};

type Environment = Readonly<Record<string, string>>;

/** Starts the program as `npm start` does, in a process of its own, and waits until it says that it is ready. */
export async function startWharf(
  environment: Environment,
  deadlineMs = 60_000,
  words: readonly string[] = [],
): Promise<RunningWharf> {
  const { ready, ...running } = await startRole(['start', ...words], environment, /console\s+(http\S+)/, deadlineMs);
  const { origin, searchParams } = new URL(ready);
  return {
    ...running,
    origin,
    address: ready,
    token: searchParams.get('token') ?? '',
    interrupt: () => running.end('SIGINT'),
    async kill() {
      await running.end('SIGKILL');
    },
  };
}

export type RunningRole = {
  readonly pid: number;
  /** What the first group of the ready line holds, or the line. */
  readonly ready: string;
  output(): string;
  /** Sends the signal; resolves with the exit code, null for one that was killed. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Resolves when it is gone, whoever ended it. */
  readonly exited: Promise<unknown>;
};

/** `through` is a command that becomes the process: `ip netns exec NAME`. `spawned` is told its pid before it is ready. */
export type StartHow = { readonly through?: readonly string[]; readonly spawned?: (pid: number) => void };

/** Starts one long-running command in a process of its own and waits until it prints what `ready` matches. */
export async function startRole(
  words: readonly string[],
  environment: Environment,
  ready: RegExp,
  deadlineMs = 60_000,
  how: StartHow = {},
): Promise<RunningRole> {
  const [command = '', ...rest] = [
    ...(how.through ?? []),
    process.execPath,
    join('src', 'main', 'launch.mjs'),
    ...words,
  ];
  const child = spawn(command, rest, {
    cwd: checkout,
    env: cleanEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithTests(child);
  if (child.pid !== undefined) how.spawned?.(child.pid);
  let output = '';
  const add = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  const exited = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    ready: await untilReady(child, () => output, ready, deadlineMs),
    output: () => output,
    exited,
    async end(signal) {
      child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
}

function untilReady(child: ChildProcess, output: () => string, ready: RegExp, deadlineMs: number): Promise<string> {
  return new Promise((resolve_, reject) => {
    const end = (act: () => void): void => {
      clearTimeout(timer);
      child.stdout?.off('data', look);
      act();
    };
    const look = (): void => {
      const found = ready.exec(output());
      if (found !== null) end(() => resolve_(found[1] ?? found[0]));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      end(() => reject(new Error(`not ready after ${deadlineMs} ms:\n${output()}`)));
    }, deadlineMs);
    child.stdout?.on('data', look);
    child.on('exit', (code) => end(() => reject(new Error(`ended with ${code}:\n${output()}`))));
  });
}

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs one command of the program to its end. */
export async function runWharf(words: readonly string[], environment: Environment): Promise<Finished> {
  const child = spawn(process.execPath, [join('src', 'main', 'launch.mjs'), ...words], {
    cwd: checkout,
    env: cleanEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithTests(child);
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (printed.stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString('utf8')));
  await once(child, 'close');
  return { code: child.exitCode, ...printed };
}

/** A test that ran out of time never comes to its `finally`: its hub must not outlive the run. */
function endWithTests(child: ChildProcess): void {
  const end = (): void => void child.kill('SIGINT');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
}

/** Nothing of the person's own settings reaches the program under test. */
function cleanEnvironment(environment: Environment): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, TMPDIR } = process.env;
  return Object.fromEntries(
    Object.entries({ PATH, HOME, LANG, TMPDIR, LOG_LEVEL: 'warn', PORT: '0', ...environment }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}
