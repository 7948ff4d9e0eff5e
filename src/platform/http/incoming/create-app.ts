import type { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { Fault } from '../../../kernel/index.ts';
import type { Actor, Database } from '../../db/index.ts';
import type { Log } from '../../log/index.ts';
import type { Metrics } from '../../metrics/index.ts';
import type { AppEnv } from './app-env.ts';
import { authenticated } from './authenticated.ts';
import { idempotent } from './idempotent.ts';
import { limitBody } from './limit-body.ts';
import { newRouter } from './new-router.ts';
import { problem } from './problem.ts';
import { acceptRequestId } from './request-id.ts';
import { refuseUnstorableText } from './refuse-unstorable-text.ts';
import { logRequest } from './request-log.ts';
import { bearerScheme } from './scope.ts';
import { giveHeaders } from './security-headers.ts';

const requestBodyBytesMax = 2_000_000;

export type AppOptions = {
  readonly database: Database;
  readonly log: Log;
  /** Who a bearer token is; null when it is unknown, expired or revoked. */
  readonly authenticate: (token: string) => Promise<Actor | null>;
  readonly metrics?: Metrics;
  readonly bodyBytesMax?: number;
};

/**
 * The app that everything is mounted on. Whatever stands under `/api/` needs a bearer token; mount the slices' routers
 * at `/api/v1`, public pages and webhooks elsewhere. Errors thrown anywhere are answered as problem+json.
 */
export function createApp(options: AppOptions): OpenAPIHono<AppEnv> {
  const app = newRouter();
  app.use(furnish(options));
  app.use(limitBody(options.bodyBytesMax ?? requestBodyBytesMax));
  app.use('/api/*', authenticated(options.authenticate), refuseUnstorableText, idempotent);
  app.onError((error, c) => {
    const requestId = c.get('requestId');
    if (!(error instanceof Fault) || error.kind === 'internal') {
      options.log.error({ requestId, error }, 'a request failed unexpectedly');
    }
    return problem(c, error, requestId);
  });
  app.notFound((c) => problem(c, new Fault('not_found', 'route.not_found'), c.get('requestId')));
  app.openAPIRegistry.registerComponent('securitySchemes', bearerScheme, {
    type: 'http',
    scheme: 'bearer',
    description:
      'An API token (`wharf token create`, or the one that `npm start` prints). Each route names the scope it needs.',
  });
  return app;
}

/** What every handler finds, what every answer carries, and a line about it: one layer, for each costs every request. */
function furnish(options: AppOptions): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedMs = performance.now();
    const requestId = acceptRequestId(c.req.header('x-request-id'));
    c.set('requestId', requestId);
    c.set('actor', null);
    c.set('idempotency', null);
    c.set('database', options.database);
    c.set('log', options.log.child({ requestId }));
    const complete = giveHeaders(c, requestId);
    await next();
    complete();
    logRequest(c, options.metrics ?? null, startedMs);
  };
}
