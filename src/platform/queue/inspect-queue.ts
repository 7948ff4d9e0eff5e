import { Redis } from 'ioredis';
import type { Queue } from './open-queue.ts';

export type QueueFacts =
  | { readonly backend: 'postgres'; readonly waiting: number }
  | {
      readonly backend: 'redis';
      /** Null where Redis is not as the queue needs it. */
      readonly waiting: number | null;
      readonly version: string;
      /** `maxmemory-policy`. */
      readonly policy: string;
      readonly memoryBytes: number;
      /** 0: no limit. */
      readonly memoryMaxBytes: number;
      readonly hasAof: boolean;
    };

const commandTimeoutMs = 4_000;

/** What the queue's server says of itself. Throws while it is away. */
export async function inspectQueue(redisUrl: string | null, countWaiting: Queue['countWaiting']): Promise<QueueFacts> {
  if (redisUrl === null) return { backend: 'postgres', waiting: await countWaiting() };
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: commandTimeoutMs,
    commandTimeout: commandTimeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const facts = readInfo(await redis.info());
    return { backend: 'redis', ...facts, waiting: await countWaiting().catch(() => null) };
  } finally {
    redis.disconnect();
  }
}

/** Of the answer to INFO. */
export function readInfo(info: string): Omit<Extract<QueueFacts, { backend: 'redis' }>, 'backend' | 'waiting'> {
  const field = (name: string): string => new RegExp(`^${name}:(\\S*)`, 'm').exec(info)?.[1] ?? '';
  return {
    version: field('redis_version'),
    policy: field('maxmemory_policy') || 'unknown',
    memoryBytes: Number(field('used_memory')),
    memoryMaxBytes: Number(field('maxmemory')),
    hasAof: field('aof_enabled') === '1',
  };
}
