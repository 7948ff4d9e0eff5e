import type { Clock } from '../../src/kernel/index.ts';

/** Who sleeps: nobody who is frozen wakes, and the dead never do. */
export type Sleeper = { readonly state: 'running' | 'frozen' | 'dead' };

/** The only time there is. It moves when the simulation moves it. */
export type VirtualClock = {
  nowMs(): number;
  advance(ms: number): void;
  /** Wakes who is due and was frozen until now. */
  wake(): void;
  of(owner: Sleeper): Clock;
};

const always: Sleeper = { state: 'running' };

type Nap = { readonly atMs: number; readonly owner: Sleeper; readonly wake: () => void };

export function createClock(startMs: number): VirtualClock & { readonly shared: Clock } {
  let nowMs = startMs;
  let naps: Nap[] = [];
  const now = (): Date => new Date(nowMs);
  const sleep = (owner: Sleeper, ms: number, signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const abort = (): void => reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
      if (signal?.aborted === true) return abort();
      const onAbort = (): void => {
        naps = naps.filter((other) => other !== nap);
        abort();
      };
      const nap: Nap = {
        atMs: nowMs + ms,
        owner,
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      naps.push(nap);
      return undefined;
    });
  const wake = (): void => {
    naps = naps.filter(({ owner }) => owner.state !== 'dead');
    const due = naps.filter(({ atMs, owner }) => atMs <= nowMs && owner.state === 'running');
    naps = naps.filter((nap) => !due.includes(nap));
    for (const nap of due.toSorted((a, b) => a.atMs - b.atMs)) nap.wake();
  };
  const of = (owner: Sleeper): Clock => ({ now, sleep: (ms, signal) => sleep(owner, ms, signal) });
  return {
    nowMs: () => nowMs,
    advance(ms) {
      nowMs += ms;
      wake();
    },
    wake,
    of,
    shared: of(always),
  };
}
