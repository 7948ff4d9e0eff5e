import pRetry from 'p-retry';
import { Fault, isTransient, systemClock } from '../../../kernel/index.ts';

export type RetryOptions = {
  readonly signal: AbortSignal;
  /** Attempts after the first. */
  readonly retriesMax?: number;
  readonly delayMsMin?: number;
  readonly delayMsMax?: number;
  /** For all attempts and the waits between; a running attempt is aborted by its signal. */
  readonly totalMsMax?: number;
};

const defaults = { retriesMax: 3, delayMsMin: 200, delayMsMax: 5_000, totalMsMax: 60_000 };

/**
 * Repeats an idempotent call while it fails with a transient Fault (`rate_limited`, `unavailable`), with growing, jittered
 * waits. A Retry-After is waited for where it fits into `delayMsMax`; otherwise the Fault is thrown at once, for the row
 * to be tried later. Everything else, an unknown outcome above all, is thrown on the first attempt.
 */
export async function retrying<Result>(
  call: (signal: AbortSignal, attempt: number) => Promise<Result>,
  options: RetryOptions,
): Promise<Result> {
  const { retriesMax, delayMsMin, delayMsMax, totalMsMax } = { ...defaults, ...options };
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(totalMsMax)]);
  return pRetry((attempt) => call(signal, attempt), {
    retries: retriesMax,
    minTimeout: delayMsMin,
    maxTimeout: delayMsMax,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => isTransient(error) && askedWaitMs(error) <= delayMsMax,
    async onFailedAttempt({ error, retriesLeft }) {
      const waitMs = askedWaitMs(error);
      if (retriesLeft > 0 && isTransient(error) && waitMs > 0 && waitMs <= delayMsMax)
        await systemClock.sleep(waitMs, signal);
    },
  });
}

function askedWaitMs(error: unknown): number {
  return error instanceof Fault ? (error.retryAfterMs ?? 0) : 0;
}
