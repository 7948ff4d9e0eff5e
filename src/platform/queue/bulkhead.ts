import type { Clock } from '../../kernel/index.ts';

/** How much of a process one kind of lane may take: what is slow cannot keep the others of its kind, or other kinds, waiting. */
export type Slots = {
  /** Drains at once that have not lasted for `quickMs` yet. */
  readonly quick: number;
  /** Beside them, drains that have: a channel that hangs gives up its quick slot for one of these. */
  readonly slow: number;
};

export type Bulkhead = (work: (mayGoOn: () => boolean) => Promise<void>) => Promise<void>;

/**
 * Runs works in the slots of one kind of lane, first come, first served. A work that has used its turn (`turnMs`) while others
 * wait for a slot is told so by `mayGoOn`, ends at its next batch and comes again behind them.
 */
export function bulkhead(
  clock: Clock,
  { quick, slow, quickMs, turnMs }: Slots & { readonly quickMs: number; readonly turnMs: number },
): Bulkhead {
  const quickSlots = gate(quick);
  const slowSlots = gate(slow);
  return async (work) => {
    await quickSlots.enter();
    const startedMs = clock.now().getTime();
    const done = new AbortController();
    let isSlow = false;
    const moved = clock
      .sleep(quickMs, done.signal)
      .then(() => slowSlots.enter(done.signal))
      .then(() => {
        isSlow = true;
        quickSlots.leave();
      })
      // It ended before: it keeps the slot it has.
      .catch(() => undefined);
    const mayGoOn = (): boolean =>
      isSlow ? !slowSlots.isWanted() : !quickSlots.isWanted() || clock.now().getTime() - startedMs < turnMs;
    try {
      await work(mayGoOn);
    } finally {
      done.abort(new Error('the work has ended'));
      await moved;
      (isSlow ? slowSlots : quickSlots).leave();
    }
  };
}

type Gate = { enter(signal?: AbortSignal): Promise<void>; leave(): void; isWanted(): boolean };

function gate(size: number): Gate {
  let free = size;
  const waiting: (() => void)[] = [];
  return {
    async enter(signal) {
      signal?.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        waiting.push(resolve);
        signal?.addEventListener('abort', () => {
          const index = waiting.indexOf(resolve);
          if (index === -1) return;
          waiting.splice(index, 1);
          reject(new Error('no longer wanted'));
        });
      });
    },
    leave() {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
    isWanted: () => waiting.length > 0,
  };
}
