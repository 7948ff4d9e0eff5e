import type { Lease } from '../platform/queue/index.ts';
import type { ShopDeps } from './deps.ts';
import type { ShopSession } from './open-shop.ts';

export type StepResult = { readonly didWork: boolean };

/**
 * One bounded step of a shop's lane, under its lease: all calls to one shop run there, so there is one writer a shop and one
 * writer an order. `didWork` false means that nothing was due, or that the channel failed.
 */
export type LaneStep = (deps: ShopDeps, session: ShopSession, lease: Lease, signal: AbortSignal) => Promise<StepResult>;
