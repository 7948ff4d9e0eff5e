import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ShopDeps } from '../channels/index.ts';
import { parseId, type OrderId, type ShopId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import {
  etag,
  jsonOf,
  bodyOf,
  mutate,
  newRouter,
  pageOf,
  pageQuery,
  problems,
  scope,
  type AppEnv,
} from '../platform/http/index.ts';
import { getOrder } from './get-order.ts';
import { orderItemView, orderView, toOrderItemView, toOrderView } from './order-views.ts';
import { holdKinds, placeHolds, type HoldKind } from './place-holds.ts';
import { findOrder, listOrders } from './queries.ts';
import { releaseHolds } from './release-holds.ts';

const tags = ['orders'];
const orderParams = z.object({ orderId: z.uuid() });
const orderIdOf = (text: string): OrderId => parseId<'order'>(text, 'orderId');
const answered = z.object({ orderIds: z.array(z.string()) });

const filters = pageQuery.extend({
  shopId: z.uuid().nullable().default(null),
  paymentState: z.enum(['unpaid', 'authorised', 'paid']).nullable().default(null),
  fulfilmentState: z.enum(['open', 'partly_shipped', 'shipped']).nullable().default(null),
  hold: z.enum(holdKinds).nullable().default(null),
  isCancelled: z.stringbool().nullable().default(null),
  number: z
    .string()
    .max(200)
    .nullable()
    .default(null)
    .openapi({ description: 'Ours or the one the buyer knows; exact' }),
});

const holdsBody = z.object({
  orderIds: z.array(z.uuid()).min(1).max(200),
  kind: z.enum(holdKinds),
  note: z.string().max(500).default(''),
});

/** Orders as sold, and their holds. Cancels and refunds are asked of the channel: see outbound. */
export function orderRoutes(_deps: ShopDeps): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/orders',
        tags,
        summary: 'List orders, newest first',
        ...scope('orders:read'),
        request: { query: filters },
        responses: { 200: jsonOf(pageOf(orderItemView)), ...problems },
      }),
      async (c) => {
        const { after, limit, number, shopId, ...facts } = c.req.valid('query');
        if (number !== null) {
          const found = await c.get('database').read((db) => findOrder(db, number));
          return c.json({ items: found.map(toOrderItemView), next: null }, 200);
        }
        const wanted = {
          ...facts,
          shopId: shopId === null ? null : (parseId<'shop'>(shopId, 'shopId') satisfies ShopId),
        };
        const page = await c.get('database').read((db) => listOrders(db, { after, limit }, wanted));
        return c.json({ items: page.items.map(toOrderItemView), next: page.next }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/orders/{orderId}',
        tags,
        summary: 'One order with its lines, money, holds and timeline',
        ...scope('orders:read'),
        request: { params: orderParams },
        responses: { 200: jsonOf(orderView), ...problems },
      }),
      async (c) => {
        const order = await c.get('database').read((db) => getOrder(db, orderIdOf(c.req.valid('param').orderId)));
        c.header('ETag', etag(order.version));
        return c.json(toOrderView(order), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/orders/holds',
        tags,
        summary: 'Hold orders: they keep their units and are not allocated',
        ...scope('orders:write'),
        request: { body: bodyOf(holdsBody) },
        responses: { 200: jsonOf(answered), ...problems },
      }),
      async (c) => {
        const { orderIds, kind, note } = c.req.valid('json');
        return c.json(await mutate(c, (ctx) => hold(ctx, orderIds.map(orderIdOf), kind, note)), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/orders/holds/release',
        tags,
        summary: 'Let held orders go on',
        ...scope('orders:write'),
        request: { body: bodyOf(holdsBody.omit({ note: true })) },
        responses: { 200: jsonOf(answered), ...problems },
      }),
      async (c) => {
        const { orderIds, kind } = c.req.valid('json');
        return c.json(await mutate(c, (ctx) => letGo(ctx, orderIds.map(orderIdOf), kind)), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/orders/{orderId}/holds',
        tags,
        summary: 'Hold one order',
        ...scope('orders:write'),
        request: { params: orderParams, body: bodyOf(holdsBody.omit({ orderIds: true })) },
        responses: { 200: jsonOf(answered), ...problems },
      }),
      async (c) => {
        const { kind, note } = c.req.valid('json');
        return c.json(await mutate(c, (ctx) => hold(ctx, [orderIdOf(c.req.valid('param').orderId)], kind, note)), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/orders/{orderId}/holds/{kind}',
        tags,
        summary: 'Let one order go on',
        ...scope('orders:write'),
        request: { params: orderParams.extend({ kind: z.enum(holdKinds) }) },
        responses: { 200: jsonOf(answered), ...problems },
      }),
      async (c) => {
        const { orderId, kind } = c.req.valid('param');
        return c.json(await mutate(c, (ctx) => letGo(ctx, [orderIdOf(orderId)], kind)), 200);
      },
    );
}

type Ctx = Parameters<typeof placeHolds>[0];

async function hold(ctx: Ctx, orderIds: OrderId[], kind: HoldKind, note: string): Promise<{ orderIds: string[] }> {
  await placeHolds(
    ctx,
    orderIds.map((orderId) => ({ orderId, kind, cause: { source: 'person', note } })),
  );
  await writeAudit(ctx, {
    action: 'order.held',
    subjectKind: 'order',
    subjectId: orderIds[0] ?? null,
    data: { orderIds, kind },
  });
  return { orderIds };
}

async function letGo(ctx: Ctx, orderIds: OrderId[], kind: HoldKind): Promise<{ orderIds: string[] }> {
  await releaseHolds(
    ctx,
    orderIds.map((orderId) => ({ orderId, kind })),
  );
  await writeAudit(ctx, {
    action: 'order.let_go',
    subjectKind: 'order',
    subjectId: orderIds[0] ?? null,
    data: { orderIds, kind },
  });
  return { orderIds };
}
