import { decideRetry, type ChannelFault } from '../connector-kit/index.ts';

/** Consecutive failures after which the breaker is open: one probe at a time, far apart. RELIABILITY asks for at most 10. */
export const breakerOpensAt = 5;

const backOffMsMin = 1_000;
const openMsMin = 30_000;
const openMsMax = 10 * 60_000;

/**
 * Whether a fault concerns the shop as a whole. The others (refused, not found, a conflict, a code we do not know) are
 * answers about one item from a channel that is well.
 */
export function isShopWide(fault: ChannelFault): boolean {
  switch (fault.reason.kind) {
    case 'rate_limited':
    case 'unavailable':
    case 'unauthorised':
    case 'outcome_unknown':
    case 'gone':
      return true;
    case 'rejected':
    case 'not_found':
    case 'conflict':
    case 'unknown_code':
      return false;
  }
}

/**
 * How long no call is made after the nth consecutive failure, in milliseconds: what the channel asked for, or 1 s doubled
 * with each failure, and from the breaker's opening on 30 s doubled up to 10 minutes. `random` in [0, 1) spreads shops of one
 * channel: a back-off is shortened by up to a half, what the channel asked for is lengthened by up to a tenth.
 */
export function pauseAfterMs(fault: ChannelFault, failures: number, random: number): number {
  const decision = decideRetry(fault);
  if (decision.action === 'retry_at') return Math.ceil(decision.afterMs * (1 + random / 10));
  const steps = failures >= breakerOpensAt ? failures - breakerOpensAt : failures - 1;
  const base = failures >= breakerOpensAt ? openMsMin : backOffMsMin;
  const full = Math.min(openMsMax, base * 2 ** Math.min(steps, 20));
  return Math.ceil(full * (1 - random / 2));
}
