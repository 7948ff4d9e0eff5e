import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { createEmptyDatabase } from './database.ts';

export type Deployment = { readonly environment: Readonly<Record<string, string>>; close(): Promise<void> };

/** True where the run has servers of its own behind it: what is said of the embedded PostgreSQL cannot be shown then. */
export const isOnServers = (): boolean => inject('servers').adminUrl !== null;

/** Environment of the queue for processes of a story. */
export function queueEnvironment(): Readonly<Record<string, string>> {
  const { redisUrl } = inject('servers');
  return redisUrl === null ? {} : { REDIS_URL: redisUrl };
}

/**
 * What a process of a story runs on: an empty database on the run's servers and their Redis, or nothing, so that `wharf
 * start` brings its own.
 */
export async function openDeployment(): Promise<Deployment> {
  if (!isOnServers()) return { environment: {}, close: async () => undefined };
  const database = await createEmptyDatabase();
  return {
    environment: {
      ...queueEnvironment(),
      DATABASE_URL: database.url,
      WHARF_MASTER_KEY: randomBytes(32).toString('base64'),
    },
    close: database.drop,
  };
}
