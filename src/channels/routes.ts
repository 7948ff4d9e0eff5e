import type { OpenAPIHono } from '@hono/zod-openapi';
import { newRouter, type AppEnv } from '../platform/http/index.ts';
import type { ShopDeps } from './deps.ts';
import { listingRoutes } from './listing-routes.ts';
import { secretRoutes } from './secret-routes.ts';
import { shopRoutes } from './shop-routes.ts';
import { shopStateRoutes } from './shop-state-routes.ts';

/** /channels, /shops and /listings. */
export function channelRoutes(deps: ShopDeps): OpenAPIHono<AppEnv> {
  return newRouter()
    .route('/', shopRoutes(deps))
    .route('/', shopStateRoutes())
    .route('/', secretRoutes(deps))
    .route('/', listingRoutes());
}
