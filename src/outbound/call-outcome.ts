import { ChannelFault, decideRetry, type DeliveriesCapability } from '../connector-kit/index.ts';
import { Fault } from '../kernel/index.ts';
import { deliveryOutcome } from './deliveries/index.ts';

/**
 * What an outgoing write left behind. `unknown` is read back before anything is sent again; `refused` needs a person;
 * `isShopWide` says that the other writes of this shop would meet the same wall, so the step stops: the shop is paused, and an
 * open breaker is probed by one call at a time.
 */
export type CallOutcome = {
  readonly state: 'due' | 'unknown' | 'refused';
  readonly afterMs: number;
  readonly isShopWide: boolean;
  readonly cause: { readonly code: string; readonly detail: string };
};

const backOffMsMin = 1_000;
export const backOffMsMax = 10 * 60_000;

/** Doubles from one second to ten minutes; half of it is chance, so that shops do not knock in step. */
export function backOffMs(attempts: number, random: () => number = Math.random): number {
  const full = Math.min(backOffMsMax, backOffMsMin * 2 ** Math.min(attempts, 20));
  return Math.round(full / 2 + (full / 2) * random());
}

/**
 * `attempts` counts this call; `settleMs` is the longest time the channel may still apply a call that timed out. A channel with
 * `deliveries` has its own schedule, and no unknown outcomes.
 */
export function callOutcome(
  error: unknown,
  attempts: number,
  settleMs: number,
  deliveries?: DeliveriesCapability,
): CallOutcome {
  const cause = causeOf(error);
  if (deliveries !== undefined) return { ...deliveryOutcome(error, attempts, deliveries), cause };
  if (isOutcomeUnknown(error)) {
    return { state: 'unknown', afterMs: settleMs, isShopWide: true, cause };
  }
  const decision = decideRetry(error);
  switch (decision.action) {
    case 'retry':
      return { state: 'due', afterMs: backOffMs(attempts), isShopWide: isShopWide(error), cause };
    case 'retry_at':
      return { state: 'due', afterMs: decision.afterMs, isShopWide: true, cause };
    case 'give_up':
      return { state: 'refused', afterMs: 0, isShopWide: false, cause };
  }
}

/** When a write is tried again; null where it is done, or waits for a person. */
export function nextAttemptAt(now: Date, outcome: CallOutcome | null): Date | null {
  const waitsForPerson = outcome?.state === 'refused' || outcome?.cause.code === 'gone';
  return outcome === null || waitsForPerson ? null : new Date(now.getTime() + outcome.afterMs);
}

/** Trouble of our own in the midst of a call (a database that went away) says nothing of what the channel did. */
function isOutcomeUnknown(error: unknown): boolean {
  if (error instanceof ChannelFault) return error.kind === 'outcome_unknown';
  return error instanceof Fault && (error.kind === 'outcome_unknown' || error.kind === 'unavailable');
}

function isShopWide(error: unknown): boolean {
  return error instanceof ChannelFault && (error.kind === 'unavailable' || error.kind === 'rate_limited');
}

function causeOf(error: unknown): { code: string; detail: string } {
  if (error instanceof ChannelFault) {
    const { reason } = error;
    return { code: reason.kind === 'rejected' ? reason.code : reason.kind, detail: error.message };
  }
  return { code: 'internal', detail: error instanceof Error ? error.name : 'unknown error' };
}
