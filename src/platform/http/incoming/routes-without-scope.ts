import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Env } from 'hono';
import { bearerScheme } from './scope.ts';

/**
 * Routes under `prefix` that are answered but do not declare a scope: `['POST /api/v1/orders', …]`. Deny by default means
 * that a test finds none. A handler that was not registered by `openapi(…)` declares nothing and is listed too.
 */
export function routesWithoutScope<E extends Env>(app: OpenAPIHono<E>, prefix = '/api/'): string[] {
  const declared = new Set<string>();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue;
    const { method, path, security } = definition.route;
    const scopes = security?.flatMap((requirement) => requirement[bearerScheme] ?? []) ?? [];
    if (scopes.length > 0) declared.add(`${method.toUpperCase()} ${path.replaceAll(/\{([^}]+)\}/g, ':$1')}`);
  }
  const answered = app.routes
    .filter((route) => route.method !== 'ALL' && route.path.startsWith(prefix))
    .map((route) => `${route.method} ${route.path}`);
  return [...new Set(answered)].filter((route) => !declared.has(route));
}
