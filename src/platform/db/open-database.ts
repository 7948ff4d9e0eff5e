import * as defaults from '../../../config/defaults.ts';
import type { Clock } from '../../kernel/index.ts';
import type { Log } from '../log/index.ts';
import type { Pool } from 'pg';
import type { Database, Marker, PoolFacts } from './context.ts';
import { replaceClock } from './read-clock.ts';
import { openReadingSide } from './read-side.ts';
import { openSnapshots } from './snapshot.ts';
import { toReadFault } from './sql-error.ts';
import { store } from './store.ts';
import { transact } from './transact.ts';
import { openPool } from './write-pool.ts';
import type { WritingSide } from './writing-side.ts';

export type DatabaseOptions = {
  readonly url: string;
  /** From `ensureReader` or `findReader`. Null: the reading side logs in like the writing one, with read-only sessions. */
  readonly readUrl: string | null;
  readonly markers: readonly Marker[];
  readonly log: Log;
  /** Rings a lane after a commit; must not throw and must not wait. */
  readonly ring: (lane: string) => void;
  readonly pools?: { readonly write?: number; readonly read?: number };
  /** Replaces Postgres's clock in `ctx.now`, `clockOf` and the waits between retries: for the simulation. */
  readonly clock?: Clock;
};

/** Opens both sides (DESIGN §7). Connects when first used. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, log } = options;
  const readSize = options.pools?.read ?? defaults.readPoolSize;
  const side: WritingSide = {
    pool: openPool(url, {
      size: options.pools?.write ?? defaults.writePoolSize,
      statementTimeoutMs: defaults.statementTimeoutMs,
      applicationName: 'wharf-write',
      log,
    }),
    markers: options.markers,
    log,
    ring: options.ring,
    clock: options.clock ?? null,
  };
  const reading = openReadingSide(options.readUrl ?? url, readSize);
  const snapshots = openSnapshots(options.readUrl ?? url, log);
  if (options.clock !== undefined) replaceClock(reading.db, options.clock);
  let reads = 0;
  return {
    transact: (transactOptions, work) => transact(side, transactOptions, work),
    store: (statement) => store(side, statement),
    async read(work) {
      reads += 1;
      try {
        return await work(reading.db);
      } catch (error) {
        throw toReadFault(error);
      } finally {
        reads -= 1;
      }
    },
    snapshot: snapshots.run,
    // postgres.js does not tell what its pool does: a read is counted as one connection.
    pools: () => [
      poolFacts('write', side.pool),
      { pool: 'read', ...readFacts(reads, readSize) },
      poolFacts('snapshot', snapshots.pool),
    ],
    async close() {
      await Promise.all([side.pool.end(), reading.close(), snapshots.close()]);
    },
  };
}

function poolFacts(pool: PoolFacts['pool'], from: Pool): PoolFacts {
  const busy = from.totalCount - from.idleCount;
  return { pool, busy, idle: Math.max(0, from.options.max - busy), waiting: from.waitingCount };
}

function readFacts(reads: number, size: number): Omit<PoolFacts, 'pool'> {
  const busy = Math.min(reads, size);
  return { busy, idle: size - busy, waiting: reads - busy };
}
