import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Fault } from '../../kernel/index.ts';
import type { Log } from '../log/index.ts';
import { bullDoorbell, logQueueErrors } from './bull-doorbell.ts';
import { listenOptions, type Doorbell, type RingJob } from './doorbell.ts';

const commandTimeoutMs = 5_000;

/** The oldest that BullMQ 6 supports. */
const redisVersionMin = [6, 2] as const;

export type RedisDoorbellOptions = {
  readonly redisUrl: string;
  /** Whose rings they are: deployments that share a Redis do not hear each other's. */
  readonly deployment: string;
  readonly name: string;
  readonly log: Log;
};

/**
 * BullMQ on Redis. A command fails at once while Redis is away instead of waiting for ever (`enableOfflineQueue: false`):
 * a ring that fails is found by the sweep. Throws Fault `queue.redis_evicts` unless Redis never evicts, and
 * `queue.redis_too_old` before 6.2.
 */
export async function openRedisDoorbell({ redisUrl, deployment, name, log }: RedisDoorbellOptions): Promise<Doorbell> {
  const prefix = `wharf:${deployment}`;
  const connection = connect(
    redisUrl,
    { connectionName: prefix, commandTimeout: commandTimeoutMs, maxRetriesPerRequest: 1, enableOfflineQueue: false },
    log,
  );
  try {
    await connection.connect();
    refuseOldRedis(await connection.info('server'));
    refuseEviction(await connection.info('memory'));
  } catch (error) {
    connection.disconnect();
    throw error;
  }
  const queue = new Queue<RingJob>(name, { connection, prefix });
  logQueueErrors(queue, log);
  const doorbell = bullDoorbell(queue, (answer, { concurrency }) => {
    // A worker blocks on its connection: it must wait without end, and BullMQ insists on that.
    const blocking = connect(redisUrl, { connectionName: prefix, maxRetriesPerRequest: null }, log);
    const worker = new Worker<RingJob>(name, answer, {
      connection: blocking,
      prefix,
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

type Patience = {
  connectionName: string;
  commandTimeout?: number;
  maxRetriesPerRequest: number | null;
  enableOfflineQueue?: boolean;
};

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

/** `info` is the answer to INFO server. */
export function refuseOldRedis(info: string): void {
  const version = /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [majorMin, minorMin] = redisVersionMin;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return;
  throw new Fault('unavailable', 'queue.redis_too_old', {
    message: `Redis is ${version}: ${redisVersionMin.join('.')} or later is needed`,
    data: { version },
  });
}
