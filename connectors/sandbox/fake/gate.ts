import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import type { Clock } from '../../../src/kernel/index.ts';
import type { Trouble } from './faults.ts';
import { json } from './present.ts';

export type RateLimit = { readonly burst: number; readonly perSecond: number };

/** Refuses a caller without the API key. */
export function requireKey(apiKey: string): MiddlewareHandler {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(`Bearer ${apiKey}`);
  return async (c, next) => {
    if (!timingSafeEqual(digest(c.req.header('authorization') ?? ''), expected)) {
      return refuse(401, 'bad_key', 'unknown API key');
    }
    await next();
    return undefined;
  };
}

/** A token bucket: `burst` at once, then `perSecond`. Beyond it 429, with the whole seconds until a token is there. */
export function limitRate(clock: Clock, limit: RateLimit): MiddlewareHandler {
  let tokens = limit.burst;
  let countedMs = clock.now().getTime();
  return async (_, next) => {
    const nowMs = clock.now().getTime();
    tokens = Math.min(limit.burst, tokens + ((nowMs - countedMs) / 1000) * limit.perSecond);
    countedMs = nowMs;
    if (tokens < 1) {
      const seconds = Math.max(1, Math.ceil((1 - tokens) / limit.perSecond));
      return refuse(429, 'too_many_requests', 'slow down', { 'retry-after': String(seconds) });
    }
    tokens -= 1;
    await next();
    return undefined;
  };
}

const outageLength = { min: 3, spread: 6 };

/** Plays the faults that are switched on. */
export function playFaults(clock: Clock, trouble: Trouble): MiddlewareHandler {
  const { faults } = trouble;
  const outage = { left: 0 };
  return async (c, next) => {
    const refused = refusal(trouble, outage);
    if (refused !== null) return refused;
    await next();
    const slowMs = trouble.strikes(faults.slowRate) ? faults.slowMs : 0;
    if (slowMs > 0) trouble.happened('slow');
    if (faults.latencyMs + slowMs > 0) await clock.sleep(faults.latencyMs + slowMs);
    if (c.req.method !== 'GET' && c.res.ok && losesAnswer(trouble)) c.res = loseAnswer(c);
    return undefined;
  };
}

/** What is answered before any work; null lets the request through. */
function refusal(trouble: Trouble, outage: { left: number }): Response | null {
  const { faults } = trouble;
  if (faults.throttleNext > 0 || trouble.strikes(faults.throttleRate)) {
    faults.throttleNext = Math.max(0, faults.throttleNext - 1);
    trouble.happened('throttled');
    const seconds = faults.retryAfterSeconds;
    return refuse(429, 'too_many_requests', 'slow down', seconds === null ? {} : { 'retry-after': String(seconds) });
  }
  if (faults.outageRate === 0) outage.left = 0;
  if (outage.left === 0 && trouble.strikes(faults.outageRate)) {
    outage.left = outageLength.min + Math.floor(trouble.random() * outageLength.spread);
  }
  if (outage.left > 0) {
    outage.left -= 1;
    trouble.happened('outage');
    return refuse(502, 'bad_gateway', 'nobody home');
  }
  if (!trouble.strikes(faults.errorRate)) return null;
  trouble.happened('error');
  return refuse(500, 'internal', 'try again');
}

function losesAnswer(trouble: Trouble): boolean {
  const { faults } = trouble;
  if (faults.loseAnswers === 0 && !trouble.strikes(faults.loseAnswerRate)) return false;
  faults.loseAnswers = Math.max(0, faults.loseAnswers - 1);
  trouble.happened('answer_lost');
  return true;
}

/** Over HTTP the connection breaks; answered in-process, where there is none, it is a gateway's 504. */
function loseAnswer(c: Context): Response {
  const incoming: unknown = Object(c.env).incoming;
  const socket: unknown = Object(incoming).socket;
  const destroy: unknown = Object(socket).destroy;
  if (typeof destroy === 'function') destroy.call(socket);
  return refuse(504, 'gateway_timeout', 'no answer');
}

export function refuse(status: number, code: string, message: string, headers: Record<string, string> = {}): Response {
  return json({ error: { code, message } }, status, headers);
}
