import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { administer } from './database.ts';

/** Drops every job of the queue behind the database `url`, as a flushed Redis would. */
export async function emptyQueue(url: string): Promise<void> {
  await onQueue(
    () => administer(url, 'delete from bullmq.job'),
    async (redis, deployment) => {
      const keys = await redis.keys(`${deployment}:*`);
      if (keys.length > 0) await redis.del(...keys);
    },
    url,
  );
}

/** Cuts every connection of the queue behind the database `url`. */
export async function cutQueue(url: string): Promise<void> {
  const terminate = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
    and pid <> pg_backend_pid() and application_name in ('wharf-queue', 'wharf-worker', 'lanes')`;
  await onQueue(
    () => administer(url, terminate),
    async (redis, deployment) => {
      const clients = String(await redis.client('LIST')).split('\n');
      const ids = clients
        .filter((line) => line.includes(`name=${deployment} `))
        .map((line) => /^id=(\d+)/.exec(line)?.[1] ?? '');
      if (ids.length === 0) throw new Error('the queue has no connection');
      await Promise.all(ids.map((id) => redis.client('KILL', 'ID', id)));
    },
    url,
  );
}

async function onQueue(
  onPostgres: () => Promise<void>,
  onRedis: (redis: Redis, deployment: string) => Promise<void>,
  url: string,
): Promise<void> {
  const { redisUrl } = inject('servers');
  if (redisUrl === null) return onPostgres();
  const redis = new Redis(redisUrl);
  try {
    await onRedis(redis, `wharf:${new URL(url).pathname.slice(1)}`);
  } finally {
    redis.disconnect();
  }
}

/** Every command that anybody sends this Redis from now on, its arguments beside each other. */
export async function watchRedis(url: string): Promise<{ readonly commands: readonly string[]; close(): void }> {
  const commands: string[] = [];
  const redis = await new Redis(url).monitor();
  redis.on('monitor', (_time: string, args: readonly string[]) => void commands.push(args.join(' ')));
  return { commands, close: () => redis.disconnect() };
}
