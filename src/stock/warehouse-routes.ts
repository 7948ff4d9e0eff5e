import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { parseId } from '../kernel/index.ts';
import { bodyOf, jsonOf, mutate, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { createWarehouse } from './create-warehouse.ts';
import { listWarehouses } from './queries.ts';
import { serveShop } from './serve-shop.ts';
import { newWarehouse, servedBy, warehouseView } from './wire.ts';

const tags = ['stock'];

export function warehouseRoutes(): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/warehouses',
        tags,
        summary: 'List warehouses by code, with the shops they serve',
        ...scope('stock:read'),
        responses: { 200: jsonOf(z.object({ items: z.array(warehouseView) })), ...problems },
      }),
      async (c) => {
        const items = await c.get('database').read((db) => listWarehouses(db));
        return c.json({ items: items.map((item) => ({ ...item, shops: [...item.shops] })) }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/warehouses',
        tags,
        summary: 'Create a warehouse',
        ...scope('stock:write'),
        request: { body: bodyOf(newWarehouse) },
        responses: { 201: jsonOf(z.object({ warehouseId: z.string() })), ...problems },
      }),
      async (c) => {
        const input = c.req.valid('json');
        return c.json(await mutate(c, (ctx) => createWarehouse(ctx, input)), 201);
      },
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/shops/{shopId}/warehouses',
        tags,
        summary: 'Say which warehouses serve a shop, the lowest rank first',
        ...scope('stock:write'),
        request: { params: z.object({ shopId: z.uuid() }), body: bodyOf(servedBy) },
        responses: { 200: jsonOf(servedBy), ...problems },
      }),
      async (c) => {
        const { warehouses } = c.req.valid('json');
        const shopId = parseId<'shop'>(c.req.valid('param').shopId, 'shopId');
        await mutate(c, (ctx) =>
          serveShop(ctx, {
            shopId,
            warehouses: warehouses.map(({ warehouseId, rank }, index) => ({
              warehouseId: parseId<'warehouse'>(warehouseId, `warehouses.${index}.warehouseId`),
              rank,
            })),
          }),
        );
        return c.json({ warehouses }, 200);
      },
    );
}
