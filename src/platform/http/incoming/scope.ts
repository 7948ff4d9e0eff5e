import type { MiddlewareHandler } from 'hono';
import { Fault } from '../../../kernel/index.ts';
import type { Actor } from '../../db/index.ts';
import { actorOf, type AppEnv } from './app-env.ts';

/** The name of the security scheme in the OpenAPI document. */
export const bearerScheme = 'bearer';

/** `*` means all. The system may do everything. */
function hasScope(actor: Actor, scope: string): boolean {
  return actor.kind === 'system' || actor.scopes.includes('*') || actor.scopes.includes(scope);
}

/**
 * Declares and enforces what a route needs: `createRoute({ method, path, ...scope('stock:read'), … })`. A route without it
 * fails `routesWithoutScope`. Verbs authorise too; this stands in front of reads, which have no verb.
 */
export function scope(name: string): {
  security: { [bearerScheme]: string[] }[];
  middleware: MiddlewareHandler<AppEnv>;
} {
  return {
    security: [{ [bearerScheme]: [name] }],
    middleware: async (c, next) => {
      if (!hasScope(actorOf(c), name)) {
        throw new Fault('forbidden', 'auth.scope_missing', {
          message: `needs the scope ${name}`,
          data: { scope: name },
        });
      }
      await next();
    },
  };
}
