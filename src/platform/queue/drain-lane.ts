import { Fault, type Clock } from '../../kernel/index.ts';
import type { Database } from '../db/index.ts';
import type { Log } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { holdLease, queueActor, type HeldLease } from './hold-lease.ts';
import type { LaneKind } from './lane-kind.ts';
import { dropLease, giveBackLease } from './locks.ts';
import { recordFailure } from './record-failure.ts';

export type Drainer = {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics | null;
  readonly leaseMs: number;
  /** No further batch is begun once it is true. */
  isStopping(): boolean;
  /** Leases held now, for the shutdown to abort. */
  readonly held: Set<HeldLease>;
};

type Outcome = 'empty' | 'stopped' | 'failed' | 'lost';

/** A kind whose `due` and `drain` disagree would spin; after so many passes without work the sweep takes over. */
const fruitlessPassesMax = 3;

/**
 * Drains a lane under its lease until an empty pass, gives the lease back, then looks once more: work that was committed
 * after the empty pass was rung for while the lease was held, and that ring found it held and went away. `mayGoOn` is asked
 * between batches: where it says no, the lease is given back with work left. Never throws.
 */
export async function drainLane(
  drainer: Drainer,
  kind: LaneKind,
  lane: string,
  mayGoOn: () => boolean = () => true,
): Promise<void> {
  try {
    for (let fruitless = 0; fruitless < fruitlessPassesMax && !drainer.isStopping();) {
      const lease = await holdLease(
        drainer.database,
        drainer.clock,
        lane,
        drainer.leaseMs,
        kind.runsWhilePaused?.bind(kind),
      );
      if (lease === null) return;
      const { outcome, batches } = await drainUnderLease(drainer, kind, lease, mayGoOn);
      if (outcome !== 'empty' || !(await isDue(drainer.database, kind, lane))) return;
      fruitless = batches === 1 ? fruitless + 1 : 0;
    }
  } catch (error) {
    drainer.log.warn({ lane, error }, 'a lane could not be looked at; the sweep will try again');
  }
}

async function drainUnderLease(
  drainer: Drainer,
  kind: LaneKind,
  lease: HeldLease,
  mayGoOn: () => boolean,
): Promise<{ outcome: Outcome; batches: number }> {
  const measured = measure(drainer, kind.kind);
  let batches = 0;
  let outcome: Outcome = 'stopped';
  drainer.held.add(lease);
  try {
    let found: 'empty' | 'more' = 'more';
    while (found === 'more' && !lease.isPaused && !drainer.isStopping()) {
      if (batches > 0 && !mayGoOn()) break;
      if (batches > 0) await lease.stillHeld();
      found = await kind.drain(lease.lane, lease);
      batches += 1;
    }
    outcome = found === 'empty' ? 'empty' : 'stopped';
  } catch (error) {
    outcome = await failed(drainer, lease, error);
  } finally {
    lease.letGo();
    drainer.held.delete(lease);
    measured(outcome);
  }
  const giveBack = outcome === 'empty' ? giveBackLease : dropLease;
  if (outcome === 'empty' || outcome === 'stopped') {
    await drainer.database.transact({ actor: queueActor }, (ctx) => giveBack(ctx, lease.lane, lease.token));
  }
  return { outcome, batches };
}

function measure({ metrics }: Drainer, kind: string): (outcome: Outcome) => void {
  const startedMs = performance.now();
  const leaseEnds = metrics?.holdLease(kind);
  return (outcome) => {
    leaseEnds?.();
    metrics?.observeDrain({ kind, outcome, durationMs: performance.now() - startedMs });
  };
}

async function failed(drainer: Drainer, lease: HeldLease, error: unknown): Promise<Outcome> {
  const { lane, token } = lease;
  if (error instanceof Fault && error.code === 'lane.lease_lost') {
    drainer.log.warn({ lane }, 'a lease was lost; what was not committed is discarded');
    return 'lost';
  }
  if (drainer.isStopping() && lease.signal.aborted) return 'stopped';
  const failures = await drainer.database.transact({ actor: queueActor }, (ctx) =>
    recordFailure(ctx, lane, token, error),
  );
  drainer.log.error({ lane, failures: failures ?? 0, error }, 'a drain failed; the lane waits');
  return failures === null ? 'lost' : 'failed';
}

async function isDue(database: Database, kind: LaneKind, lane: string): Promise<boolean> {
  const due = await database.transact({ actor: queueActor }, (ctx) => kind.due(ctx.tx, ctx.now, lane));
  return due.includes(lane);
}
