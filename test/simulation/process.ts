import type { Sleeper } from './clock.ts';

/**
 * The machine room: everything that runs does so between two doors (a transaction, a read, a call), one flow at a time, and
 * waits at the next door until it is let through. So who does what when is the seed's decision alone.
 */
export type Machine = {
  boot(name: string): Process;
  /** Resolves when whoever was let through, or woken, stands at a door again or has ended. */
  quiet(): Promise<void>;
};

type Waiting = { readonly door: string; readonly letThrough: () => void };

export type Process = Sleeper & {
  readonly name: string;
  state: 'running' | 'frozen' | 'dead';
  /** What it was told to do and has not ended. */
  readonly tasks: Set<string>;
  readonly waiting: Waiting[];
  /** The last door it went through. */
  lastDoor: string;
  /** Waits to be let through, then does the work without a pause. */
  pass<Result>(door: string, work: () => Promise<Result>): Promise<Result>;
  start(task: string, work: () => Promise<void>): void;
  /** Lets one of those that wait go on to its next door. */
  resume(index: number): Promise<void>;
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What Node still has to do for the program within its own process. Sockets and timers wait for others, and are behind doors. */
const hasMoreToDo = (): boolean => globalThis.process.getActiveResourcesInfo().some((kind) => ownWork.has(kind));
const ownWork = new Set(['Immediate', 'FSReqCallback', 'FSReqPromise', 'CryptoRequest', 'RandomBytesRequest']);

export function createMachine(): Machine {
  let atWork = 0;
  let onIdle: (() => void) | null = null;
  const quiet = async (): Promise<void> => {
    do {
      if (atWork > 0) await new Promise<void>((resolve) => (onIdle = resolve));
      // A turn of the event loop ends when no promise has anything left to do.
      await turn();
    } while (atWork > 0 || hasMoreToDo());
  };
  const through = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    atWork += 1;
    try {
      return await work();
    } finally {
      atWork -= 1;
      if (atWork === 0) {
        onIdle?.();
        onIdle = null;
      }
    }
  };
  const boot = (name: string): Process => {
    const process: Process = {
      name,
      state: 'running',
      tasks: new Set(),
      waiting: [],
      lastDoor: '',
      async pass(door, work) {
        await new Promise<void>((letThrough) => process.waiting.push({ door, letThrough }));
        process.lastDoor = door;
        return through(work);
      },
      start(task, work) {
        process.tasks.add(task);
        const end = (): void => void process.tasks.delete(task);
        work().then(end, end);
      },
      async resume(index) {
        const [next] = process.waiting.splice(index, 1);
        next?.letThrough();
        await quiet();
      },
    };
    return process;
  };
  return { boot, quiet };
}
