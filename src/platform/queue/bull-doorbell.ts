import type { Log } from '../log/index.ts';
import { jobOptions, ringJobName, type Doorbell, type RingJob } from './doorbell.ts';

/** The part of BullMQ's classes that is the same on both back ends. */
type BullQueue = {
  add(name: string, data: RingJob, options: typeof jobOptions): Promise<unknown>;
  getWaitingCount(): Promise<number>;
  close(): Promise<void>;
};

type BullWorker = { waitUntilReady(): Promise<unknown>; close(force?: boolean): Promise<void> };

export type BullWorkerOptions = { readonly concurrency: number };

/** Rings by BullMQ. No jobId and no deduplication: both stranded work (DESIGN §1.1). */
export function bullDoorbell(
  queue: BullQueue,
  makeWorker: (answer: (job: { data: RingJob }) => Promise<void>, options: BullWorkerOptions) => BullWorker,
): Doorbell {
  return {
    async add(lane) {
      await queue.add(ringJobName, { lane }, jobOptions);
    },
    async listen(answer, concurrency) {
      const worker = makeWorker(({ data }) => answer(data.lane), { concurrency });
      await worker.waitUntilReady();
      return { close: () => worker.close() };
    },
    countWaiting: () => queue.getWaitingCount(),
    close: () => queue.close(),
  };
}

/** BullMQ emits what it survives as 'error'; without a listener it would end the process. */
export function logQueueErrors(
  emitter: { on(event: 'error', listener: (error: Error) => void): unknown },
  log: Log,
): void {
  emitter.on('error', (error) => log.warn({ error }, 'the queue had an error; sweeps go on'));
}
