import { Hono } from 'hono';
import type { ShopDeps } from '../channels/index.ts';
import type { Actor } from '../platform/db/index.ts';
import type { AppEnv } from '../platform/http/index.ts';

export function consoleRoutes(_options: { deps: ShopDeps; authenticate: (token: string) => Promise<Actor | null> }): Hono<AppEnv> {
  return new Hono<AppEnv>();
}
