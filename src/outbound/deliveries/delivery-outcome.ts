import { ChannelFault, type DeliveriesCapability } from '../../connector-kit/index.ts';
import type { CallOutcome } from '../call-outcome.ts';

/**
 * The wait after the nth attempt of a message, from 1; the last of the schedule repeats. Up to a tenth is added by chance, so
 * that messages which failed together do not come back together.
 */
export function retryDelayMs(
  { retryDelaysMs }: DeliveriesCapability,
  attempts: number,
  random: () => number = Math.random,
): number {
  const delayMs = retryDelaysMs[Math.min(attempts, retryDelaysMs.length) - 1] ?? 0;
  return Math.round(delayMs * (1 + random() / 10));
}

/** Whether the schedule is used up by so many attempts. */
export function isUsedUp({ retryDelaysMs }: DeliveriesCapability, attempts: number): boolean {
  return attempts > retryDelaysMs.length;
}

/**
 * What becomes of a message that was not acknowledged. Since the channel takes it once, an unknown outcome is just another
 * failure. A channel that is away keeps its messages for as long as it takes, the last wait repeating; one that answers and
 * refuses this message has refused it for good once the schedule is used up. A channel that is gone keeps them due.
 */
export function deliveryOutcome(
  error: unknown,
  attempts: number,
  deliveries: DeliveriesCapability,
): Omit<CallOutcome, 'cause'> {
  if (!(error instanceof ChannelFault)) return { state: 'refused', afterMs: 0, isShopWide: false };
  const { reason } = error;
  if (reason.kind === 'gone') return { state: 'due', afterMs: 0, isShopWide: true };
  const isShopWide =
    reason.kind === 'unavailable' ||
    reason.kind === 'outcome_unknown' ||
    reason.kind === 'rate_limited' ||
    reason.kind === 'unauthorised';
  if (!isShopWide && isUsedUp(deliveries, attempts)) return { state: 'refused', afterMs: 0, isShopWide };
  const askedMs = reason.kind === 'rate_limited' ? (reason.retryAfterMs ?? 0) : 0;
  return { state: 'due', afterMs: Math.max(askedMs, retryDelayMs(deliveries, attempts)), isShopWide };
}
