import { ringCoalesceMs } from '../../../config/defaults.ts';
import type { Log } from '../log/index.ts';
import { coalesceRings } from './coalesce-rings.ts';
import type { Doorbell } from './doorbell.ts';
import { openPostgresDoorbell } from './open-postgres-doorbell.ts';
import { openRedisDoorbell } from './open-redis-doorbell.ts';
import { startWorker, type Worker, type WorkOptions } from './start-worker.ts';

export type QueueOptions = {
  /** Set: BullMQ on Redis. Null: BullMQ on the PostgreSQL of `databaseUrl`. */
  readonly redisUrl: string | null;
  readonly databaseUrl: string;
  readonly log: Log;
  /** Names the queue; for tests that share a Redis. */
  readonly name?: string;
};

/** Opened first, so that `ring` can be handed to `openDatabase`; `work` comes after. */
export type Queue = {
  /**
   * Says that there is work in a lane. Returns at once and never throws; lost rings are found by the sweep. Call it after
   * the commit (`ctx.rings` does).
   */
  ring(lane: string): void;
  /** Starts to drain lanes in this process. Once. */
  work(options: WorkOptions): Promise<Worker>;
  /** Rings that wait in the queue; for `/readyz` and `/metrics`. Throws when the queue is away. */
  countWaiting(): Promise<number>;
  /** Closes the worker too, when there is one. */
  close(): Promise<void>;
};

export async function openQueue(options: QueueOptions): Promise<Queue> {
  const name = options.name ?? 'lanes';
  const doorbell: Doorbell =
    options.redisUrl === null
      ? await openPostgresDoorbell(options.databaseUrl, name, options.log)
      : await openRedisDoorbell({
          redisUrl: options.redisUrl,
          deployment: new URL(options.databaseUrl).pathname.slice(1),
          name,
          log: options.log,
        });
  let worker: Worker | null = null;
  // A job costs four commits: what this process can do itself, nobody else is rung for.
  const add = (lane: string): Promise<void> =>
    worker?.answerHere(lane) === true ? Promise.resolve() : doorbell.add(lane);
  const rings = coalesceRings({ add }, ringCoalesceMs, options.log);
  return {
    ring: rings.ring,
    async work(workOptions) {
      if (worker !== null) throw new Error('this queue has a worker already');
      worker = await startWorker(doorbell, rings.ring, options.log, workOptions);
      return worker;
    },
    countWaiting: () => doorbell.countWaiting(),
    async close() {
      await worker?.close();
      await rings.close();
      await doorbell.close();
    },
  };
}
