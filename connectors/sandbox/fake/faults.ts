import { z } from 'zod';

/** Everything that can be switched to go wrong. Counts run down to zero by themselves; the rest stays until changed. */
export const sandboxFaults = z.object({
  /** Waits before each answer. Longer than the caller's time-out, it is a time-out after the commit. */
  latencyMs: z.number().int().min(0),
  /** Share of requests answered 500 before any work, 0 to 1. */
  errorRate: z.coerce.number().min(0).max(1),
  /** So many requests are answered 429. */
  throttleNext: z.number().int().min(0),
  /** Goes into Retry-After of a 429; null leaves the header away. */
  retryAfterSeconds: z.number().int().min(0).nullable(),
  /** So many writes are committed and their answer is lost. */
  loseAnswers: z.number().int().min(0),
  /** So many of the next changed orders are missing from the list for `listLagMs`, while newer ones are there. */
  listLateNext: z.number().int().min(0),
  listLagMs: z.number().int().min(0),
  /** So many webhook events are never sent. */
  webhooksDrop: z.number().int().min(0),
  /** Each webhook event is sent so many times more. */
  webhooksRepeat: z.number().int().min(0).max(20),
  webhooksDelayMs: z.number().int().min(0),
  /** Events are sent in pairs, the newer first. */
  webhooksReorder: z.boolean(),
});

export type SandboxFaults = z.infer<typeof sandboxFaults>;

export const noFaults: SandboxFaults = {
  latencyMs: 0,
  errorRate: 0,
  throttleNext: 0,
  retryAfterSeconds: 2,
  loseAnswers: 0,
  listLateNext: 0,
  listLagMs: 5_000,
  webhooksDrop: 0,
  webhooksRepeat: 0,
  webhooksDelayMs: 0,
  webhooksReorder: false,
};
