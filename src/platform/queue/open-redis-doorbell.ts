import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Fault } from '../../kernel/index.ts';
import type { Log } from '../log/index.ts';
import { bullDoorbell, logQueueErrors } from './bull-doorbell.ts';
import { listenOptions, type Doorbell, type RingJob } from './doorbell.ts';

const commandTimeoutMs = 5_000;

/**
 * BullMQ on Redis. A command fails at once while Redis is away instead of waiting for ever (`enableOfflineQueue: false`):
 * a ring that fails is found by the sweep. Throws Fault `queue.redis_evicts` unless Redis never evicts.
 */
export async function openRedisDoorbell(redisUrl: string, name: string, log: Log): Promise<Doorbell> {
  const connection = connect(
    redisUrl,
    { commandTimeout: commandTimeoutMs, maxRetriesPerRequest: 1, enableOfflineQueue: false },
    log,
  );
  try {
    await connection.connect();
    refuseEviction(await connection.info('memory'));
  } catch (error) {
    connection.disconnect();
    throw error;
  }
  const queue = new Queue<RingJob>(name, { connection, prefix: 'wharf' });
  logQueueErrors(queue, log);
  const doorbell = bullDoorbell(queue, (answer, { concurrency }) => {
    // A worker blocks on its connection: it must wait without end, and BullMQ insists on that.
    const blocking = connect(redisUrl, { maxRetriesPerRequest: null }, log);
    const worker = new Worker<RingJob>(name, answer, {
      connection: blocking,
      prefix: 'wharf',
      concurrency,
      ...listenOptions,
    });
    logQueueErrors(worker, log);
    return {
      waitUntilReady: () => worker.waitUntilReady(),
      async close() {
        await worker.close();
        blocking.disconnect();
      },
    };
  });
  return {
    ...doorbell,
    async close() {
      await doorbell.close();
      connection.disconnect();
    },
  };
}

type Patience = { commandTimeout?: number; maxRetriesPerRequest: number | null; enableOfflineQueue?: boolean };

function connect(redisUrl: string, options: Patience, log: Log): Redis {
  const redis = new Redis(redisUrl, { ...options, lazyConnect: true, connectTimeout: commandTimeoutMs });
  redis.on('error', (error) => log.warn({ error }, 'Redis is away; sweeps go on'));
  return redis;
}

/** `info` is the answer to INFO memory. Under any other policy a full Redis drops the data of jobs (45 % were seen). */
export function refuseEviction(info: string): void {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  if (policy === 'noeviction') return;
  throw new Fault('unavailable', 'queue.redis_evicts', {
    message: `Redis has maxmemory-policy ${policy}: set noeviction`,
    data: { policy },
  });
}
