import { ChannelFault } from './channel-fault.ts';

/** The only three answers the hub's lanes know. `retry` backs off by itself; `retry_at` waits as the channel asked. */
export type RetryDecision =
  | { readonly action: 'retry' }
  | { readonly action: 'retry_at'; readonly afterMs: number }
  | { readonly action: 'give_up' };

/** Longest wait we accept from a channel's Retry-After, so that a wrong header cannot park a shop. */
export const retryAfterMsMax = 15 * 60_000;

/**
 * What to do about a failed call that read something, or that wrote something idempotent. A write whose outcome is unknown
 * is read back first and never comes here.
 */
export function decideRetry(error: unknown): RetryDecision {
  if (!(error instanceof ChannelFault)) return { action: 'give_up' };
  switch (error.reason.kind) {
    case 'rate_limited':
      return error.reason.retryAfterMs === null
        ? { action: 'retry' }
        : { action: 'retry_at', afterMs: Math.min(error.reason.retryAfterMs, retryAfterMsMax) };
    case 'unavailable':
    case 'outcome_unknown':
    case 'conflict':
      return { action: 'retry' };
    case 'unauthorised':
      return { action: 'retry_at', afterMs: retryAfterMsMax };
    case 'rejected':
    case 'not_found':
    case 'gone':
    case 'unknown_code':
      return { action: 'give_up' };
  }
}
