import { randomUUID } from 'node:crypto';
import { Fault, type Clock } from '../../kernel/index.ts';
import type { Actor, Ctx, Database } from '../db/index.ts';
import type { LaneKind, Lease } from './lane-kind.ts';
import { renewLease, takeLease } from './locks.ts';

export const queueActor: Actor = { kind: 'system', id: 'queue' };

export type HeldLease = Lease & {
  readonly isPaused: boolean;
  /** Ends the renewals; the row is the caller's to give back. */
  letGo(): void;
  abort(reason: Error): void;
};

/** Takes a lane and keeps it: a third of `leaseMs` passes between renewals. Null when it cannot be had now. */
export async function holdLease(
  database: Database,
  clock: Clock,
  lane: string,
  leaseMs: number,
  runsWhilePaused?: LaneKind['runsWhilePaused'],
): Promise<HeldLease | null> {
  const token = randomUUID();
  const taken = await database.transact({ actor: queueActor }, async (ctx) => {
    if (await takeLease(ctx, lane, token, leaseMs)) return { isWhilePaused: false };
    if (runsWhilePaused === undefined || !(await runsWhilePaused(ctx.tx))) return null;
    return (await takeLease(ctx, lane, token, leaseMs, true)) ? { isWhilePaused: true } : null;
  });
  if (taken === null) return null;
  const lost = new AbortController();
  const letGo = new AbortController();
  let isPaused = false;

  const guard = async (ctx: Ctx): Promise<void> => {
    const renewed = await renewLease(ctx, lane, token, leaseMs);
    if (renewed === null) {
      const fault = new Fault('conflict', 'lane.lease_lost', {
        message: 'another holder has the lane',
        data: { lane },
      });
      lost.abort(fault);
      throw fault;
    }
    isPaused = renewed.isPaused;
  };
  const stillHeld = (): Promise<void> => database.transact({ actor: queueActor }, guard);
  const keep = async (): Promise<void> => {
    while (!letGo.signal.aborted && !lost.signal.aborted) {
      await clock.sleep(leaseMs / 3, letGo.signal);
      // A renewal that fails is no loss yet: the next one, or the guard, will tell.
      await stillHeld().catch(() => undefined);
    }
  };
  keep().catch(() => undefined);
  return {
    lane,
    token,
    isWhilePaused: taken.isWhilePaused,
    signal: lost.signal,
    stillHeld,
    guard,
    get isPaused() {
      return isPaused;
    },
    letGo: () => letGo.abort(),
    abort: (reason) => lost.abort(reason),
  };
}
