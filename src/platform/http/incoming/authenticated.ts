import type { MiddlewareHandler } from 'hono';
import { Fault } from '../../../kernel/index.ts';
import type { Actor } from '../../db/index.ts';
import type { AppEnv } from './app-env.ts';

const bearer = /^Bearer ([\x21-\x7e]{1,500})$/i;

/** Nobody passes without a token that `authenticate` knows. */
export function authenticated(authenticate: (token: string) => Promise<Actor | null>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const token = bearer.exec(c.req.header('authorization') ?? '')?.[1];
    if (token === undefined)
      throw new Fault('unauthenticated', 'auth.required', { message: 'a bearer token is needed' });
    const actor = await authenticate(token);
    if (actor === null) {
      throw new Fault('unauthenticated', 'auth.bad_token', { message: 'the token is unknown, expired or revoked' });
    }
    c.set('actor', actor);
    await next();
  };
}
