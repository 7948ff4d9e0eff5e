import type { AnyDb, Ctx } from '../db/index.ts';
import type { Slots } from './bulkhead.ts';

/** The right to drain one lane, until `leased_until` by Postgres's clock. Renewed by itself while the holder lives. */
export type Lease = {
  readonly lane: string;
  readonly token: string;
  /** Aborted when the lease was lost or the worker shuts down: hand it to foreign calls. */
  readonly signal: AbortSignal;
  /** The whole deployment is paused, and this lane was taken all the same (`LaneKind.runsWhilePaused`). Absent: it is not. */
  readonly isWhilePaused?: boolean;
  /** Asks the database, and renews. Throws Fault `lane.lease_lost`. For the time before a foreign call. */
  stillHeld(): Promise<void>;
  /**
   * The fence: renews the lease inside the transaction of `ctx` and locks its row, so that a holder that was frozen past
   * its lease cannot commit once another took the lane. Throws Fault `lane.lease_lost`.
   */
  guard(ctx: Ctx): Promise<void>;
};

/** A kind of lane. Lanes are named `kind` or `kind:detail` (`inbound`, `outbound:<shop>`). */
export type LaneKind = {
  readonly kind: string;
  /**
   * Names of lanes with work that is due. Swept every 2 s by every worker: it must be cheap, a partial index each. After each
   * drain it is asked about that lane alone, `only`; where there are many lanes it must look at no other.
   */
  due(db: AnyDb, now: Date, only?: string): Promise<string[]>;
  /** One batch. `more` asks for another call under the same lease; `empty` only after a pass that found nothing. */
  drain(name: string, lease: Lease): Promise<'empty' | 'more'>;
  /** How many of its lanes a process drains at once; absent: `laneSlots`. */
  readonly slots?: Slots;
  /** Whether its lanes run now though everything is paused (`pauseEverything`). Asked only then; absent: they do not. */
  runsWhilePaused?(db: AnyDb): Promise<boolean>;
};

export function kindOfLane(lane: string): string {
  const colon = lane.indexOf(':');
  return colon === -1 ? lane : lane.slice(0, colon);
}
