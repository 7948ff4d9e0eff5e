import type { ShopDeps, ShopSession } from '../channels/index.ts';
import type { Lease } from '../platform/queue/index.ts';

export type StepResult = { readonly didWork: boolean };

/** One bounded step of a shop's lane, under its lease. `didWork` false means that nothing was due, or the channel failed. */
export type LaneStep = (deps: ShopDeps, session: ShopSession, lease: Lease, signal: AbortSignal) => Promise<StepResult>;

export const inboundActor = { kind: 'system', id: 'inbound' } as const;
