import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { parseId } from '../kernel/index.ts';
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
import { acceptProposals } from './accept-proposals.ts';
import { getListing, listListings, listingStates } from './listing-queries.ts';
import { mapListings } from './map-listings.ts';
import { unmapListings } from './unmap-listings.ts';
import { listingView } from './wire.ts';

const tags = ['listings'];
const ids = z.array(z.uuid()).max(1_000);
const changed = z.object({ listingIds: z.array(z.string()) });

const filters = pageQuery.extend({
  shopId: z.uuid().optional(),
  skuId: z.uuid().optional(),
  state: z.enum(listingStates).optional(),
  search: z.string().max(200).optional(),
});

const newMapping = z.strictObject({
  listingId: z.uuid(),
  skuId: z.uuid(),
  /** SKU units in one unit of the listing (a six-pack is 6). */
  multiplier: z.number().default(1),
});

export function listingRoutes(): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/listings',
        tags,
        summary: 'List listings by shop and external id',
        ...scope('shops:read'),
        request: { query: filters },
        responses: { 200: jsonOf(pageOf(listingView)), ...problems },
      }),
      async (c) => {
        const { after, limit, shopId, skuId, state, search } = c.req.valid('query');
        const { items, next } = await c.get('database').read((db) =>
          listListings(
            db,
            { after, limit },
            {
              shopId: shopId === undefined ? null : parseId<'shop'>(shopId, 'shopId'),
              skuId: skuId === undefined ? null : parseId<'sku'>(skuId, 'skuId'),
              state: state ?? null,
              search: search ?? null,
            },
          ),
        );
        return c.json({ items: [...items], next }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/listings/{listingId}',
        tags,
        summary: 'Get a listing: its mapping, and what the channel was told and shows',
        ...scope('shops:read'),
        request: { params: z.object({ listingId: z.uuid() }) },
        responses: { 200: jsonOf(listingView), ...problems },
      }),
      async (c) => {
        const listingId = parseId<'listing'>(c.req.valid('param').listingId, 'listingId');
        const listing = await c.get('database').read((db) => getListing(db, listingId));
        c.header('ETag', etag(listing.version));
        return c.json(listing, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/listings/map',
        tags,
        summary: 'Map listings to SKUs; orders that waited for them go on by themselves',
        ...scope('shops:write'),
        request: { body: bodyOf(z.strictObject({ mappings: z.array(newMapping).max(1_000) })) },
        responses: { 200: jsonOf(changed, 'Those that changed'), ...problems },
      }),
      async (c) => {
        const mappings = c.req.valid('json').mappings.map(({ listingId, skuId, multiplier }, at) => ({
          listingId: parseId<'listing'>(listingId, `mappings.${at}.listingId`),
          skuId: parseId<'sku'>(skuId, `mappings.${at}.skuId`),
          multiplier,
        }));
        return c.json({ listingIds: await mutate(c, (ctx) => mapListings(ctx, mappings)) }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/listings/accept',
        tags,
        summary: 'Map listings of a shop to the SKUs proposed for them',
        ...scope('shops:write'),
        request: {
          body: bodyOf(z.strictObject({ shopId: z.uuid(), listingIds: z.union([z.literal('all'), ids]) })),
        },
        responses: { 200: jsonOf(changed, 'Those that were mapped'), ...problems },
      }),
      async (c) => {
        const { shopId, listingIds } = c.req.valid('json');
        const accepted = {
          shopId: parseId<'shop'>(shopId, 'shopId'),
          listingIds:
            listingIds === 'all' ? listingIds : listingIds.map((id, at) => parseId<'listing'>(id, `listingIds.${at}`)),
        };
        return c.json({ listingIds: await mutate(c, (ctx) => acceptProposals(ctx, accepted)) }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/listings/unmap',
        tags,
        summary: 'Take listings off their SKUs; new orders for them wait',
        ...scope('shops:write'),
        request: { body: bodyOf(z.strictObject({ listingIds: ids })) },
        responses: { 200: jsonOf(changed, 'Those that were mapped before'), ...problems },
      }),
      async (c) => {
        const listingIds = c.req.valid('json').listingIds.map((id, at) => parseId<'listing'>(id, `listingIds.${at}`));
        return c.json({ listingIds: await mutate(c, (ctx) => unmapListings(ctx, listingIds)) }, 200);
      },
    );
}
