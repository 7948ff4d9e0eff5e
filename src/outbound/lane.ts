import type { ShopDeps, ShopSession } from '../channels/index.ts';
import type { Lease } from '../platform/queue/index.ts';

/**
 * One step of a shop's lane. All calls to one shop run in that lane, under its lease: one writer a shop, so one writer an
 * order. `didWork` false means that nothing was due.
 */
export type LaneStep = (
  deps: ShopDeps,
  session: ShopSession,
  lease: Lease,
  signal: AbortSignal,
) => Promise<{ readonly didWork: boolean }>;

/** How long a channel may still apply a write whose answer we never got: our longest call, and some for its queue. */
export const outcomeSettleMsDefault = 15_000;

/** Announcements and requests claimed in one pass; each is one call. */
export const writesPerPassMax = 20;

export const systemActor = { kind: 'system', id: 'outbound' } as const;
