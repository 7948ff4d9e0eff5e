import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ShopDeps } from '../channels/index.ts';
import { toldListing, toldOrder } from '../connector-kit/index.ts';
import { parseId } from '../kernel/index.ts';
import { bodyOf, jsonOf, mutate, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { listingExample, orderExample } from './push-examples.ts';
import { pushListings } from './push-listings.ts';
import { pushOrders } from './push-orders.ts';

const tags = ['own-store'];
const shopParams = z.object({ shopId: z.uuid() });
const perCallMax = 100;

const order = z.strictObject(toldOrder.shape).openapi('ToldOrder', {
  description:
    'An order as sold. Amounts are integer minor units of `currency`; times have an offset; ids are text. What is null, empty, zero or false may be left out.',
  example: orderExample,
});
const listing = z.strictObject(toldListing.shape).openapi('ToldListing', { example: listingExample });

const ordersBody = z.strictObject({ orders: z.array(order).min(1).max(perCallMax) });
const listingsBody = z.strictObject({ listings: z.array(listing).min(1).max(perCallMax) });

/** Where a seller's own store hands in orders and listings; the same documents may come by webhook. */
export function pushRoutes(deps: ShopDeps): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'post',
        path: '/shops/{shopId}/orders',
        tags,
        summary: 'Hand in new, changed and cancelled orders of a store of your own',
        description:
          'Each order whole, as it stands now: a cancelled one has `cancelledAt`. One with a lower `version` than the last ' +
          'changes nothing; without versions the later call counts. All are stored, or none.',
        ...scope('orders:push'),
        request: { params: shopParams, body: bodyOf(ordersBody) },
        responses: {
          202: jsonOf(
            z.object({ stored: z.number().int(), unchanged: z.number().int() }),
            'Stored; taken in within seconds',
          ),
          ...problems,
        },
      }),
      async (c) => {
        const shopId = parseId<'shop'>(c.req.valid('param').shopId, 'shopId');
        const { orders } = c.req.valid('json');
        return c.json(await mutate(c, (ctx) => pushOrders(ctx, deps, shopId, orders)), 202);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/shops/{shopId}/listings',
        tags,
        summary: 'Hand in what a store of your own sells',
        description: 'A listing whose `sku` or `barcode` is known here is proposed for mapping.',
        ...scope('orders:push'),
        request: { params: shopParams, body: bodyOf(listingsBody) },
        responses: {
          200: jsonOf(z.object({ created: z.number().int(), changed: z.number().int(), unchanged: z.number().int() })),
          ...problems,
        },
      }),
      async (c) => {
        const shopId = parseId<'shop'>(c.req.valid('param').shopId, 'shopId');
        const { listings } = c.req.valid('json');
        return c.json(await mutate(c, (ctx) => pushListings(ctx, deps, shopId, listings)), 200);
      },
    );
}
