import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isRoot, notice } from './notice.ts';
import { endWithUs } from './reaper.ts';

const run = promisify(execFile);

/** A network of its own for one process, joined to ours by one cable. */
export type Island = {
  /** Our end of the cable: where servers must listen to be reached from there. */
  readonly host: string;
  /** A command that becomes another in there. */
  readonly through: readonly string[];
  /** What leaves the island is lost on the way, without a word to either side. */
  cut(): Promise<void>;
  join(): Promise<void>;
  close(): Promise<void>;
};

/** Null where no network namespace can be made (needs root); says so. */
export async function openIsland(): Promise<Island | null> {
  if (!isRoot) {
    notice('a network namespace needs root');
    return null;
  }
  const name = `wharf-${process.pid}`;
  const [ours, theirs] = [`wh${process.pid}`, `wi${process.pid}`];
  // A private pair of addresses for each process that runs this.
  const third = process.pid % 250;
  const [host, guest] = [`10.213.${third}.1`, `10.213.${third}.2`];
  const ip = (...words: string[]): Promise<unknown> => run('ip', words);
  const inside = (...words: string[]): Promise<unknown> => ip('-n', name, ...words);
  const forget = endWithUs({ kind: 'netns', name });
  try {
    await ip('netns', 'add', name);
    await ip('link', 'add', ours, 'type', 'veth', 'peer', 'name', theirs, 'netns', name);
    await ip('address', 'add', `${host}/30`, 'dev', ours);
    await ip('link', 'set', ours, 'up');
    await inside('address', 'add', `${guest}/30`, 'dev', theirs);
    await inside('link', 'set', theirs, 'up');
    await inside('link', 'set', 'lo', 'up');
  } catch (error) {
    await ip('netns', 'delete', name).catch(() => undefined);
    forget();
    notice(`no network namespace can be made here: ${String(error)}`);
    return null;
  }
  return {
    host,
    through: ['ip', 'netns', 'exec', name],
    // Sent to a card that nobody has: the other end throws it away.
    async cut() {
      await inside('neigh', 'replace', host, 'lladdr', '02:00:00:00:00:99', 'dev', theirs, 'nud', 'permanent');
    },
    async join() {
      await inside('neigh', 'del', host, 'dev', theirs);
    },
    async close() {
      await ip('netns', 'delete', name);
      forget();
    },
  };
}
