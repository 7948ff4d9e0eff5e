import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { parseId } from '../kernel/index.ts';
import { bodyOf, jsonOf, mutate, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { adjustStock } from './adjust-stock.ts';
import { adjustments } from './wire.ts';

export function adjustmentRoutes(): OpenAPIHono<AppEnv> {
  return newRouter().openapi(
    createRoute({
      method: 'post',
      path: '/stock/adjustments',
      tags: ['stock'],
      summary: 'Change on-hand by differences, all lines or none; a loss below what is reserved releases reservations',
      ...scope('stock:write'),
      request: { body: bodyOf(adjustments) },
      responses: { 200: jsonOf(z.object({ released: z.number().openapi({ description: 'SKU units' }) })), ...problems },
    }),
    async (c) => {
      const lines = c.req.valid('json').lines.map((line, index) => ({
        ...line,
        skuId: parseId<'sku'>(line.skuId, `lines.${index}.skuId`),
        warehouseId: parseId<'warehouse'>(line.warehouseId, `lines.${index}.warehouseId`),
      }));
      return c.json(await mutate(c, (ctx) => adjustStock(ctx, lines)), 200);
    },
  );
}
