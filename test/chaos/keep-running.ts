import { startRole, type RunningRole } from '../support/run-wharf.ts';
import { endWithUs } from './reaper.ts';

/** A process of the hub that is started again at once whenever it has ended, as a supervisor does. */
export type KeptProcess = {
  readonly name: string;
  /** Resolves when it is up. */
  ready(): Promise<void>;
  isUp(): boolean;
  pid(): number;
  /** kill -9; resolves when it is gone. It comes back by itself. */
  kill(): Promise<void>;
  /** Times that it ended by itself after it had been up, with the last lines it said: none is allowed. */
  readonly collapses: string[];
  /** The last lines that it said. */
  said(): string;
  close(): Promise<void>;
};

export type ProcessWords = {
  readonly name: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ready: RegExp;
  readonly through?: readonly string[];
};

const startDeadlineMs = 90_000;
const restartAfterMs = 300;
const linesKept = 25;

export function keepRunning({ name, words, environment, ready, through }: ProcessWords): KeptProcess {
  let running: RunningRole | null = null;
  let isClosing = false;
  let isKilled = false;
  let pid = 0;
  let said = '';
  let up = signal();
  const collapses: string[] = [];

  const live = async (): Promise<void> => {
    while (!isClosing) {
      let forget = (): void => undefined;
      const spawned = (spawnedPid: number): void => {
        pid = spawnedPid;
        forget = endWithUs({ kind: 'process', pid, signal: 'KILL' });
        isKilled = false;
      };
      try {
        const role = await startRole(words, environment, ready, startDeadlineMs, {
          spawned,
          ...(through && { through }),
        });
        running = role;
        up.resolve();
        await role.exited;
        said = lastLines(said + role.output());
        if (!isKilled && !isClosing) collapses.push(`${name}: ${lastLines(role.output())}`);
      } catch (error) {
        // What it stands on is away: it says so and ends, and is started again.
        said = lastLines(said + (error instanceof Error ? `${error.message}\n` : ''));
        if (!isClosing) await new Promise((resolve) => setTimeout(resolve, restartAfterMs));
      }
      forget();
      running = null;
      up = signal();
    }
  };
  const living = live();
  return {
    name,
    collapses,
    ready: () => up.promise,
    isUp: () => running !== null,
    pid: () => pid,
    async kill() {
      const role = running;
      if (role === null) return;
      isKilled = true;
      running = null;
      up = signal();
      await role.end('SIGKILL');
    },
    said: () => lastLines(said + (running?.output() ?? '')),
    async close() {
      isClosing = true;
      try {
        if (pid > 0) process.kill(pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
      await living;
    },
  };
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-linesKept).join('\n');
}

function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
