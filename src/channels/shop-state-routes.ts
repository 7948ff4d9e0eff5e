import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { parseId } from '../kernel/index.ts';
import { bodyOf, jsonOf, mutate, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { askForPolls } from './ask-for-polls.ts';
import { cursorStreams } from './cursor-streams.ts';
import { mapLocations } from './map-locations.ts';
import { pauseShop } from './pause-shop.ts';
import { getShop, listLocations } from './queries.ts';
import { removeShop } from './remove-shop.ts';
import { resumeShop } from './resume-shop.ts';
import { locationView } from './wire.ts';

const tags = ['shops'];
const shopParams = z.object({ shopId: z.uuid() });
const shopAnswer = z.object({ shopId: z.string(), state: z.enum(['active', 'paused', 'removed']) });

const moves = [
  {
    method: 'post',
    path: '/shops/{shopId}/pause',
    summary: 'Stop all calls to the channel',
    to: 'paused',
    verb: pauseShop,
  },
  { method: 'post', path: '/shops/{shopId}/resume', summary: 'Let calls go on', to: 'active', verb: resumeShop },
  {
    method: 'delete',
    path: '/shops/{shopId}',
    summary: 'Remove a shop for good; history stays',
    to: 'removed',
    verb: removeShop,
  },
] as const;

/** Pausing, resuming and removing shops, asking for polls, and their locations. */
export function shopStateRoutes(): OpenAPIHono<AppEnv> {
  const routes = newRouter();
  for (const { method, path, summary, to, verb } of moves) {
    routes.openapi(
      createRoute({
        method,
        path,
        tags,
        summary,
        ...scope('shops:write'),
        request: { params: shopParams },
        responses: { 200: jsonOf(shopAnswer), ...problems },
      }),
      async (c) => {
        const shopId = parseId<'shop'>(c.req.valid('param').shopId, 'shopId');
        const moved = await mutate(c, async (ctx) => {
          await verb(ctx, shopId);
          return { shopId, state: to };
        });
        return c.json(moved, 200);
      },
    );
  }
  return routes
    .openapi(
      createRoute({
        method: 'post',
        path: '/shops/{shopId}/polls',
        tags,
        summary: 'Read streams of a shop now instead of when they are due',
        ...scope('shops:write'),
        request: {
          params: shopParams,
          body: bodyOf(z.strictObject({ streams: z.array(z.enum(cursorStreams)).default([...cursorStreams]) })),
        },
        responses: { 202: jsonOf(z.object({ streams: z.array(z.enum(cursorStreams)) })), ...problems },
      }),
      async (c) => {
        const shopId = parseId<'shop'>(c.req.valid('param').shopId, 'shopId');
        const { streams } = c.req.valid('json');
        return c.json({ streams: await mutate(c, (ctx) => askForPolls(ctx, shopId, streams)) }, 202);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/shops/{shopId}/locations',
        tags,
        summary: 'Where the channel counts stock, and the warehouse each stands for',
        ...scope('shops:read'),
        request: { params: shopParams },
        responses: { 200: jsonOf(z.object({ items: z.array(locationView) })), ...problems },
      }),
      async (c) => {
        const shopId = parseId<'shop'>(c.req.valid('param').shopId, 'shopId');
        const items = await c.get('database').read(async (db) => {
          await getShop(db, shopId);
          return listLocations(db, shopId);
        });
        return c.json({ items }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/shops/{shopId}/locations',
        tags,
        summary: 'Map locations to warehouses; those not named stay',
        ...scope('shops:write'),
        request: {
          params: shopParams,
          body: bodyOf(
            z.strictObject({
              locations: z
                .array(
                  z.strictObject({
                    externalId: z.string().max(200),
                    warehouseId: z.uuid().nullable(),
                    rank: z.number(),
                  }),
                )
                .max(1_000),
            }),
          ),
        },
        responses: { 200: jsonOf(z.object({ shopId: z.string() })), ...problems },
      }),
      async (c) => {
        const shopId = parseId<'shop'>(c.req.valid('param').shopId, 'shopId');
        const mappings = c.req.valid('json').locations.map(({ externalId, warehouseId, rank }, at) => ({
          externalId,
          warehouseId: warehouseId === null ? null : parseId<'warehouse'>(warehouseId, `locations.${at}.warehouseId`),
          rank,
        }));
        const mapped = await mutate(c, async (ctx) => {
          await mapLocations(ctx, shopId, mappings);
          return { shopId };
        });
        return c.json(mapped, 200);
      },
    );
}
