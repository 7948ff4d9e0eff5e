import type { Pool } from 'pg';
import * as defaults from '../../../config/defaults.ts';
import { systemClock, type Clock } from '../../kernel/index.ts';
import type { Log } from '../log/index.ts';
import type { Marker } from './context.ts';
import { isContention, sqlState, toFault } from './sql-error.ts';

export type WritingSide = {
  readonly pool: Pool;
  readonly markers: readonly Marker[];
  readonly log: Log;
  /** Called after the commit, once per lane; must not throw and must not wait. */
  readonly ring: (lane: string) => void;
  /** Replaces Postgres's clock in `ctx.now`, and the machine's between retries: for the simulation. */
  readonly clock: Clock | null;
};

/** Tries a whole transaction again that lost a serialisation failure, a deadlock or a lock to another. */
export async function whileContended<Result>(side: WritingSide, once: () => Promise<Result>): Promise<Result> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await once();
    } catch (error) {
      if (!isContention(error) || retries >= defaults.transactRetriesMax) throw toFault(error);
      side.log.debug({ sqlState: sqlState(error), retries }, 'transaction tried again');
      await (side.clock ?? systemClock).sleep(retryDelayMs(retries));
    }
  }
}

export function ringAll(side: WritingSide, lanes: Iterable<string>): void {
  for (const lane of lanes) {
    try {
      side.ring(lane);
    } catch (error) {
      side.log.warn(
        { lane, reason: error instanceof Error ? error.name : 'unknown' },
        'ring failed; the sweep will find the work',
      );
    }
  }
}

function retryDelayMs(retries: number): number {
  const ceiling = Math.min(defaults.transactRetryDelayMsMax, defaults.transactRetryDelayMsMin * 2 ** (retries + 1));
  return defaults.transactRetryDelayMsMin + Math.random() * ceiling;
}
