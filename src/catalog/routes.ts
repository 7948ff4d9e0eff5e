import type { OpenAPIHono } from '@hono/zod-openapi';
import { newRouter, type AppEnv } from '../platform/http/index.ts';
import { productRoutes } from './product-routes.ts';
import { skuRoutes } from './sku-routes.ts';

/** /products and /skus. */
export function catalogRoutes(): OpenAPIHono<AppEnv> {
  return newRouter().route('/', productRoutes()).route('/', skuRoutes());
}
