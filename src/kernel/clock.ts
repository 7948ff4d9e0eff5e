/** Where "now" comes from. Inside a transaction use `ctx.now`, which is Postgres's clock; this is for everything else. */
export type Clock = { now(): Date; sleep(ms: number, signal?: AbortSignal): Promise<void> };

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(abortReason(signal));
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(abortReason(signal));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

function abortReason(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('aborted');
}

/** A clock that moves only when told to. `sleep` resolves when `advance` passes its time. */
export function manualClock(start: Date): Clock & { advance(ms: number): void } {
  let nowMs = start.getTime();
  const sleepers: { atMs: number; wake: () => void }[] = [];
  return {
    now: () => new Date(nowMs),
    sleep: (ms) => new Promise((resolve) => sleepers.push({ atMs: nowMs + ms, wake: resolve })),
    advance(ms) {
      nowMs += ms;
      for (const sleeper of sleepers.splice(0)) {
        if (sleeper.atMs <= nowMs) sleeper.wake();
        else sleepers.push(sleeper);
      }
    },
  };
}
