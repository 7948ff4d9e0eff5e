import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Fault } from '../../../kernel/index.ts';

/**
 * Refuses a larger body (Fault `body.too_large`). Where its length is told, Node holds the client to it, and the header alone
 * decides: Hono's own check would first make a web stream of the body, which costs more than all else that a webhook goes
 * through here. A body of untold length is counted as it comes.
 */
export function limitBody(bodyBytesMax: number): MiddlewareHandler {
  const refuse = (): never => {
    throw new Fault('too_large', 'body.too_large', { message: 'the body is too large' });
  };
  const counting = bodyLimit({ maxSize: bodyBytesMax, onError: refuse });
  return async (c, next) => {
    // Neither has a body, in HTTP as Node reads it and in a Request.
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    const length = c.req.header('content-length');
    if (length === undefined || !/^\d{1,15}$/.test(length) || c.req.header('transfer-encoding') !== undefined) {
      return counting(c, next);
    }
    if (Number(length) > bodyBytesMax) refuse();
    return next();
  };
}
