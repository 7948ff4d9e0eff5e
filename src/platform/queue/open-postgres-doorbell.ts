import { createPostgresBackend, withBackend } from 'bullmq';
import type { Log } from '../log/index.ts';
import { bullDoorbell, logQueueErrors } from './bull-doorbell.ts';
import { listenOptions, type Doorbell, type RingJob } from './doorbell.ts';

const schema = 'bullmq';
const queuePoolSize = 2;
const workerPoolSize = 3;

/** BullMQ's own PostgreSQL back end in the schema `bullmq` of our database, brought up to date when it is opened. */
export async function openPostgresDoorbell(databaseUrl: string, name: string, log: Log): Promise<Doorbell> {
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const connection = {
    connectionString: withSearchPath(databaseUrl),
    schema,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 15_000,
    keepAlive: true,
  };
  const queue = new Queue<RingJob>(name, {
    connection: { ...connection, max: queuePoolSize, application_name: 'wharf-queue', migrate: true },
  });
  logQueueErrors(queue, log);
  await queue.waitUntilReady();
  return bullDoorbell(queue, (answer, { concurrency }) => {
    const worker = new Worker<RingJob>(name, answer, {
      connection: { ...connection, max: workerPoolSize, application_name: 'wharf-worker' },
      concurrency,
      ...listenOptions,
    });
    logQueueErrors(worker, log);
    return worker;
  });
}

/** BullMQ pins its search path in the pool's `options`, and pg lets `options` of the URL win over that. */
function withSearchPath(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const options = url.searchParams.get('options');
  if (options !== null) url.searchParams.set('options', `${options} -c search_path="${schema}"`);
  return url.href;
}
