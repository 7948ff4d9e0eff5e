import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  bodyOf,
  etag,
  jsonOf,
  mutate,
  newRouter,
  pageOf,
  pageQuery,
  problems,
  scope,
  type AppEnv,
} from '../platform/http/index.ts';
import { parseId } from '../kernel/index.ts';
import { changeShop } from './change-shop.ts';
import { checkConnection } from './check-connection.ts';
import { connectShop } from './connect-shop.ts';
import type { ShopDeps } from './deps.ts';
import { describeChannels } from './describe-channels.ts';
import { getShop, listShops, readHealth } from './queries.ts';
import {
  connection,
  connectionReport,
  ifMatchHeader,
  newShop,
  shopChange,
  shopDetail,
  shopView,
  toShopDetail,
  toShopView,
} from './wire.ts';

const tags = ['shops'];
const shopParams = z.object({ shopId: z.uuid() });
const backfillDaysDefault = 30;

const channelView = z.object({
  code: z.string(),
  label: z.object({ en: z.string(), zh: z.string() }),
  settings: z.record(z.string(), z.unknown()),
  secrets: z.array(z.string()).readonly(),
  capabilities: z.array(z.string()).readonly(),
});

/** Connecting, reading and changing shops. */
export function shopRoutes(deps: ShopDeps): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/channels',
        tags,
        summary: 'What can be connected, and the settings each wants',
        ...scope('shops:read'),
        responses: { 200: jsonOf(z.object({ items: z.array(channelView) })), ...problems },
      }),
      (c) => c.json({ items: describeChannels(deps.connectors) }, 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/shops/check',
        tags,
        summary: 'Sign in at the channel with settings, and store nothing',
        ...scope('shops:write'),
        request: { body: bodyOf(connection) },
        responses: { 200: jsonOf(connectionReport), ...problems },
      }),
      async (c) => c.json(await checkConnection(deps, c.req.valid('json')), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/shops',
        tags,
        summary: 'Check the connection and connect a shop',
        description: `Orders of the last ${backfillDaysDefault} days are read unless \`ordersSince\` says otherwise.`,
        ...scope('shops:write'),
        request: { body: bodyOf(newShop) },
        responses: { 201: jsonOf(z.object({ shopId: z.string(), webhookPath: z.string() })), ...problems },
      }),
      async (c) => {
        const { name, ordersSince, ...input } = c.req.valid('json');
        const report = await checkConnection(deps, input);
        const connected = await mutate(c, async (ctx) => {
          const since = ordersSince ?? ctx.now.getTime() - backfillDaysDefault * 86_400_000;
          const { shopId, webhookKey } = await connectShop(ctx, deps, {
            ...input,
            name: name ?? report.shopName,
            ordersSince: new Date(since),
            report,
          });
          return { shopId, webhookPath: `/hooks/${webhookKey}` };
        });
        return c.json(connected, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/shops',
        tags,
        summary: 'List shops in the order they were connected',
        ...scope('shops:read'),
        request: { query: pageQuery.extend({ withRemoved: z.stringbool().default(false) }) },
        responses: { 200: jsonOf(pageOf(shopView)), ...problems },
      }),
      async (c) => {
        const { items, next } = await c.get('database').read((db) => listShops(db, c.req.valid('query')));
        return c.json({ items: items.map(toShopView), next }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/shops/{shopId}',
        tags,
        summary: 'Get a shop with its health',
        ...scope('shops:read'),
        request: { params: shopParams },
        responses: { 200: jsonOf(shopDetail), ...problems },
      }),
      async (c) => {
        const shopId = parseId<'shop'>(c.req.valid('param').shopId, 'shopId');
        const detail = await c
          .get('database')
          .read(async (db) => toShopDetail(await getShop(db, shopId), await readHealth(db, shopId)));
        c.header('ETag', etag(detail.version));
        return c.json(detail, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/shops/{shopId}',
        tags,
        summary: 'Change a shop',
        description: 'Settings that are left out stay; credentials must be given anew when the address changes.',
        ...scope('shops:write'),
        request: { params: shopParams, headers: ifMatchHeader, body: bodyOf(shopChange) },
        responses: { 200: jsonOf(z.object({ version: z.number().int() })), ...problems },
      }),
      async (c) => {
        const { name, settings, pushesStock, ordersSince } = c.req.valid('json');
        const change = {
          shopId: parseId<'shop'>(c.req.valid('param').shopId, 'shopId'),
          version: Number(c.req.valid('header')['if-match'].slice(1, -1)),
          ...(name === undefined ? {} : { name }),
          ...(settings === undefined ? {} : { settings }),
          ...(pushesStock === undefined ? {} : { pushesStock }),
          ...(ordersSince === undefined ? {} : { ordersSince: new Date(ordersSince) }),
        };
        const changed = await mutate(c, (ctx) => changeShop(ctx, deps, change));
        c.header('ETag', etag(changed.version));
        return c.json(changed, 200);
      },
    );
}
