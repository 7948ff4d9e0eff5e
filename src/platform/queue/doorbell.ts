/** What the lanes need of a job queue: a job says only which lane; losing every one of them loses nothing. */
export type Doorbell = {
  add(lane: string): Promise<void>;
  /** Calls `answer` for rings of any process, at most `concurrency` at once here. `answer` does not throw. */
  listen(answer: (lane: string) => Promise<void>, concurrency: number): Promise<{ close(): Promise<void> }>;
  countWaiting(): Promise<number>;
  close(): Promise<void>;
};

/** The name of every job. Its data is `{ lane }`. */
export const ringJobName = 'queue.ring';
export type RingJob = { readonly lane: string };

/**
 * RELIABILITY: `maxStalledCount` (default 1) overrides `attempts`, so two kills would fail a job; recovery takes 59.8 s by
 * default. On PostgreSQL `removeOnComplete: { count }` marked finished jobs failed.
 */
export const jobOptions = { attempts: 3, removeOnComplete: true, removeOnFail: true } as const;
export const listenOptions = { maxStalledCount: 10, lockDuration: 15_000, stalledInterval: 15_000 } as const;
