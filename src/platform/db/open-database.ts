import * as defaults from '../../../config/defaults.ts';
import type { Clock } from '../../kernel/index.ts';
import type { Log } from '../log/index.ts';
import type { Database, Marker } from './context.ts';
import { openReadingSide } from './read-side.ts';
import { openSnapshots } from './snapshot.ts';
import { toReadFault } from './sql-error.ts';
import { transact, type WritingSide } from './transact.ts';
import { openPool } from './write-pool.ts';

export type DatabaseOptions = {
  readonly url: string;
  /** From `ensureReader` or `findReader`. Null: the reading side logs in like the writing one, with read-only sessions. */
  readonly readUrl: string | null;
  readonly markers: readonly Marker[];
  readonly log: Log;
  /** Rings a lane after a commit; must not throw and must not wait. */
  readonly ring: (lane: string) => void;
  readonly pools?: { readonly write?: number; readonly read?: number };
  /** Replaces Postgres's clock in `ctx.now`: for the simulation. */
  readonly clock?: Clock;
};

/** Opens both sides (DESIGN §7). Connects when first used. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, log } = options;
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
  const reading = openReadingSide(options.readUrl ?? url, options.pools?.read ?? defaults.readPoolSize);
  const snapshots = openSnapshots(options.readUrl ?? url, log);
  return {
    transact: (transactOptions, work) => transact(side, transactOptions, work),
    async read(work) {
      try {
        return await work(reading.db);
      } catch (error) {
        throw toReadFault(error);
      }
    },
    snapshot: snapshots.run,
    async close() {
      await Promise.all([side.pool.end(), reading.close(), snapshots.close()]);
    },
  };
}
