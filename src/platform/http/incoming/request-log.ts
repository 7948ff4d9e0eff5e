import type { Context } from 'hono';
import { routePath } from 'hono/route';
import type { Metrics } from '../../metrics/index.ts';
import type { AppEnv } from './app-env.ts';

/** One line and one observation a request. The pattern of the route, never the path: a path may carry a webhook key. */
export function logRequest(c: Context<AppEnv>, metrics: Metrics | null, startedMs: number): void {
  const durationMs = Math.round(performance.now() - startedMs);
  const found = routePath(c, -1);
  const route = found === '*' || found === '/*' ? '(none)' : found;
  const { method } = c.req;
  const { status } = c.res;
  metrics?.observeRequest({ method, route, status, durationMs });
  const level = status >= 500 ? 'warn' : 'debug';
  c.get('log')[level]({ method, route, status, durationMs }, 'request');
}
