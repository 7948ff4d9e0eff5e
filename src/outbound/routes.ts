import { createRoute, z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ConnectorRegistry } from '../channels/index.ts';
import { parseId, type OrderId, type OrderLineId } from '../kernel/index.ts';
import { bodyOf, jsonOf, mutate, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { deliveryRoutes } from './deliveries/index.ts';
import { findAnnouncements, findChannelRequests } from './queries.ts';
import { requestCancel, type RequestLine } from './request-cancel.ts';
import { requestRefund } from './request-refund.ts';

const tags = ['orders'];
const orderParams = z.object({ orderId: z.uuid() });
const requestLines = z.array(z.object({ orderLineId: z.uuid(), quantity: z.number().int().positive() })).max(1_000);
const accepted = z.object({ requestId: z.string() });

const cancelBody = z.object({ lines: requestLines.nullable().default(null), reason: z.string().min(1).max(500) });

const refundBody = z.object({
  amount: z.object({ minor: z.number().int().positive(), currency: z.string().length(3) }),
  reason: z.string().min(1).max(500),
  lines: requestLines.default([]),
});

const announcement = z.object({
  id: z.string(),
  shipmentId: z.string(),
  state: z.enum(['due', 'sending', 'unknown', 'announced', 'refused']),
  externalId: z.string().nullable(),
  attempts: z.number().int(),
  cause: z.unknown(),
  announcedAt: z.date().nullable(),
});

const channelRequest = z.object({
  id: z.string(),
  kind: z.enum(['cancel', 'refund']),
  state: z.enum(['due', 'sending', 'unknown', 'done', 'refused']),
  amountMinor: z.number().int().nullable(),
  reason: z.string(),
  externalId: z.string().nullable(),
  cause: z.unknown(),
  createdAt: z.date(),
  finishedAt: z.date().nullable(),
});

/** Cancels and refunds asked of the channel, and what it was told about parcels. */
export function outboundRoutes(connectors: ConnectorRegistry): OpenAPIHono<AppEnv> {
  return newRouter()
    .route('/', deliveryRoutes())
    .openapi(
      createRoute({
        method: 'post',
        path: '/orders/{orderId}/cancel',
        tags,
        summary: 'Ask the channel to cancel an order or some of its lines',
        ...scope('orders:write'),
        request: { params: orderParams, body: bodyOf(cancelBody) },
        responses: { 202: jsonOf(accepted, 'Recorded; sent by the lane of the shop'), ...problems },
      }),
      async (c) => {
        const { lines, reason } = c.req.valid('json');
        const orderId = parseId<'order'>(c.req.valid('param').orderId, 'orderId');
        const request = { orderId, reason, lines: lines === null ? null : lines.map(toRequestLine) };
        return c.json(await mutate(c, (ctx) => requestCancel(ctx, connectors, request)), 202);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/orders/{orderId}/refunds',
        tags,
        summary: 'Ask the channel to pay money back',
        ...scope('orders:write'),
        request: { params: orderParams, body: bodyOf(refundBody) },
        responses: { 202: jsonOf(accepted, 'Recorded; sent by the lane of the shop'), ...problems },
      }),
      async (c) => {
        const { amount, reason, lines } = c.req.valid('json');
        const request = {
          orderId: parseId<'order'>(c.req.valid('param').orderId, 'orderId'),
          amountMinor: amount.minor,
          currency: amount.currency,
          reason,
          lines: lines.map(toRequestLine),
        };
        return c.json(await mutate(c, (ctx) => requestRefund(ctx, connectors, request)), 202);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/orders/{orderId}/channel',
        tags,
        summary: 'What the channel was told about an order: packages, cancels, refunds, with their state and cause',
        ...scope('orders:read'),
        request: { params: orderParams },
        responses: {
          200: jsonOf(z.object({ announcements: z.array(announcement), requests: z.array(channelRequest) })),
          ...problems,
        },
      }),
      async (c) => {
        const orderId: OrderId = parseId(c.req.valid('param').orderId, 'orderId');
        const told = await c.get('database').read(async (db) => ({
          announcements: await findAnnouncements(db, orderId),
          requests: await findChannelRequests(db, orderId),
        }));
        return c.json(told, 200);
      },
    );
}

function toRequestLine(line: { orderLineId: string; quantity: number }): RequestLine {
  return {
    orderLineId: parseId<'order_line'>(line.orderLineId, 'orderLineId') satisfies OrderLineId,
    quantity: line.quantity,
  };
}
