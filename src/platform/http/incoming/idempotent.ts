import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { invalidField } from '../../../kernel/index.ts';
import type { AppEnv } from './app-env.ts';

/** What the caller wants done once: its key, and a hash of the method, the path and the body. */
export type IdempotencyClaim = {
  readonly key: string;
  readonly requestHash: Uint8Array;
  /** `mutate` ran under it. */
  isTaken: boolean;
};

const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const keyPattern = /^[\x21-\x7e]{1,255}$/;

/**
 * Reads `Idempotency-Key`. The claim is taken by `mutate`, in the transaction of the work: the work and the stored answer
 * are committed together or not at all. A route that changes something without `mutate` says so in the log.
 */
export const idempotent: MiddlewareHandler<AppEnv> = async (c, next) => {
  const key = c.req.header('idempotency-key');
  if (key === undefined || !changing.has(c.req.method)) return next();
  if (!keyPattern.test(key)) {
    throw invalidField('Idempotency-Key', 'idempotency.bad_key', 'has 1 to 255 visible ASCII characters');
  }
  const { pathname, search } = new URL(c.req.url);
  const hash = createHash('sha256').update(`${c.req.method} ${pathname}${search}\n`);
  const claim: IdempotencyClaim = {
    key,
    requestHash: hash.update(new Uint8Array(await c.req.arrayBuffer())).digest(),
    isTaken: false,
  };
  c.set('idempotency', claim);
  await next();
  if (!claim.isTaken && c.res.ok) {
    c.get('log').error({ code: 'idempotency.not_taken', method: c.req.method }, 'a route ignored its idempotency key');
  }
};
