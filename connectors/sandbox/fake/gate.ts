import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import type { Clock } from '../../../src/kernel/index.ts';
import type { SandboxFaults } from './faults.ts';
import { jsonText } from './present.ts';

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

/** Plays the faults that are switched on. */
export function playFaults(clock: Clock, faults: SandboxFaults, random: () => number): MiddlewareHandler {
  return async (c, next) => {
    if (faults.throttleNext > 0) {
      faults.throttleNext -= 1;
      const seconds = faults.retryAfterSeconds;
      return refuse(429, 'too_many_requests', 'slow down', seconds === null ? {} : { 'retry-after': String(seconds) });
    }
    if (faults.errorRate > 0 && random() < faults.errorRate) return refuse(500, 'internal', 'try again');
    await next();
    if (faults.latencyMs > 0) await clock.sleep(faults.latencyMs);
    if (faults.loseAnswers > 0 && c.req.method !== 'GET' && c.res.ok) {
      faults.loseAnswers -= 1;
      c.res = loseAnswer(c);
    }
    return undefined;
  };
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
  const init = { status, headers: { 'content-type': 'application/json', ...headers } };
  return new Response(jsonText({ error: { code, message } }), init);
}
