import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { parseId } from '../kernel/index.ts';
import { bodyOf, jsonOf, mutate, newRouter, pageOf, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { availableToPromise } from './available-to-promise.ts';
import { listLevels, listMoves } from './queries.ts';
import { receiveStock } from './receive-stock.ts';
import { warehouseRoutes } from './warehouse-routes.ts';
import { levelFilters, levelQuery, levelView, moveView, receipts } from './wire.ts';

const tags = ['stock'];

/** /warehouses, /shops/{id}/warehouses and /stock/…; adjustments are a verb of fulfilment and stand there. */
export function stockRoutes(): OpenAPIHono<AppEnv> {
  return newRouter()
    .route('/', warehouseRoutes())
    .openapi(
      createRoute({
        method: 'get',
        path: '/stock/levels',
        tags,
        summary: 'List levels by SKU code and warehouse code',
        ...scope('stock:read'),
        request: { query: levelQuery },
        responses: { 200: jsonOf(pageOf(levelView)), ...problems },
      }),
      async (c) => {
        const { after, limit, ...ids } = c.req.valid('query');
        const found = await c.get('database').read((db) => listLevels(db, { after, limit }, levelFilters(ids)));
        return c.json({ items: [...found.items], next: found.next }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/stock/moves',
        tags,
        summary: 'List moves, the newest first',
        ...scope('stock:read'),
        request: { query: levelQuery },
        responses: { 200: jsonOf(pageOf(moveView)), ...problems },
      }),
      async (c) => {
        const { after, limit, ...ids } = c.req.valid('query');
        const found = await c.get('database').read((db) => listMoves(db, { after, limit }, levelFilters(ids)));
        return c.json({ items: [...found.items], next: found.next }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/stock/promises',
        tags,
        summary: 'What a shop may still promise of some SKUs; negative where more was sold than there is',
        ...scope('stock:read'),
        request: {
          query: z.object({
            shopId: z.uuid(),
            skuIds: z.string().max(10_000).openapi({ description: 'Ids with commas' }),
          }),
        },
        responses: {
          200: jsonOf(z.object({ items: z.array(z.object({ skuId: z.string(), units: z.number() })) })),
          ...problems,
        },
      }),
      async (c) => {
        const { shopId, skuIds } = c.req.valid('query');
        const ids = skuIds.split(',').map((id, index) => parseId<'sku'>(id, `skuIds.${index}`));
        const found = await c
          .get('database')
          .read((db) => availableToPromise(db, parseId<'shop'>(shopId, 'shopId'), ids));
        return c.json({ items: [...found].map(([skuId, units]) => ({ skuId, units })) }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/stock/receipts',
        tags,
        summary: 'Take goods into warehouses, all lines or none',
        ...scope('stock:write'),
        request: { body: bodyOf(receipts) },
        responses: {
          201: jsonOf(z.object({ received: z.number().openapi({ description: 'SKU units' }) })),
          ...problems,
        },
      }),
      async (c) => {
        const input = c.req.valid('json').receipts.map((receipt, index) => ({
          ...receipt,
          skuId: parseId<'sku'>(receipt.skuId, `receipts.${index}.skuId`),
          warehouseId: parseId<'warehouse'>(receipt.warehouseId, `receipts.${index}.warehouseId`),
          lotId: receipt.lotId === null ? null : parseId<'lot'>(receipt.lotId, `receipts.${index}.lotId`),
        }));
        const received = await mutate(c, async (ctx) => {
          await receiveStock(ctx, input);
          return { received: input.reduce((sum, receipt) => sum + receipt.quantity, 0) };
        });
        return c.json(received, 201);
      },
    );
}
