import { z } from 'zod';

const share = z.coerce.number().min(0).max(1);
const count = z.number().int().min(0);

/** Everything that can be switched to go wrong. Counts run down to zero by themselves; the rest stays until changed. */
export const sandboxFaults = z.object({
  /** Waits before each answer. Longer than the caller's time-out, it is a time-out after the commit. */
  latencyMs: count,
  /** Share of requests that are answered after `slowMs`. */
  slowRate: share,
  slowMs: count,
  /** Share of requests answered 500 before any work. */
  errorRate: share,
  /** Share of requests that begin an outage: three to eight requests in a row are answered 502. */
  outageRate: share,
  /** So many requests are answered 429. */
  throttleNext: count,
  /** Share of requests that are answered 429. */
  throttleRate: share,
  /** Goes into Retry-After of a 429; null leaves the header away. */
  retryAfterSeconds: count.nullable(),
  /** So many writes are committed and their answer is lost. */
  loseAnswers: count,
  /** Share of writes that are committed and their answer is lost. */
  loseAnswerRate: share,
  /** So many of the next changed orders are missing from the list for `listLagMs`, while newer ones are there. */
  listLateNext: count,
  listLagMs: count,
  /** The longest that a change takes to show at each door of a shop that shows late. */
  lateMs: count,
  /** So many of the next changed orders carry a status word that nobody has documented. */
  oddStatusNext: count,
  /** Share of the items of a stock batch that are refused. */
  refuseItemRate: share,
  /** So many webhook events are never sent. */
  webhooksDrop: count,
  /** Each webhook event is sent so many times more. */
  webhooksRepeat: z.number().int().min(0).max(20),
  webhooksDelayMs: count,
  /** Events are sent in pairs, the newer first. */
  webhooksReorder: z.boolean(),
});

export type SandboxFaults = z.infer<typeof sandboxFaults>;

export const noFaults: SandboxFaults = {
  latencyMs: 0,
  slowRate: 0,
  slowMs: 8_000,
  errorRate: 0,
  outageRate: 0,
  throttleNext: 0,
  throttleRate: 0,
  retryAfterSeconds: 2,
  loseAnswers: 0,
  loseAnswerRate: 0,
  listLateNext: 0,
  listLagMs: 5_000,
  lateMs: 0,
  oddStatusNext: 0,
  refuseItemRate: 0,
  webhooksDrop: 0,
  webhooksRepeat: 0,
  webhooksDelayMs: 0,
  webhooksReorder: false,
};

export type FaultKind =
  | 'error'
  | 'outage'
  | 'throttled'
  | 'slow'
  | 'answer_lost'
  | 'shown_late'
  | 'odd_status'
  | 'item_refused'
  | 'stale_set_refused'
  | 'token_expired'
  | 'webhook_dropped'
  | 'webhook_repeated'
  | 'webhook_delayed'
  | 'webhooks_reordered';

/** What is switched to go wrong, the dice, and how often each thing did go wrong. */
export type Trouble = {
  readonly faults: SandboxFaults;
  readonly counts: ReadonlyMap<FaultKind, number>;
  random(): number;
  /** True for a share of calls, without a draw where the share is nothing. */
  strikes(share: number): boolean;
  happened(kind: FaultKind): void;
};

export function openTrouble(faults: SandboxFaults, random: () => number): Trouble {
  const counts = new Map<FaultKind, number>();
  return {
    faults,
    counts,
    random,
    strikes: (part) => part > 0 && random() < part,
    happened: (kind) => void counts.set(kind, (counts.get(kind) ?? 0) + 1),
  };
}
