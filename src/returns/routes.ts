import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { Fault, parseId } from '../kernel/index.ts';
import {
  bodyOf,
  jsonOf,
  mutate,
  newRouter,
  pageOf,
  pageQuery,
  problems,
  scope,
  type AppEnv,
} from '../platform/http/index.ts';
import { askReturnRefund } from './ask-refund.ts';
import { decideReturn } from './decide-return.ts';
import { enterReturn } from './enter-return.ts';
import { getReturn, listReturns } from './queries.ts';
import type { ReturnId } from './return-states.ts';
import {
  askedView,
  decidedView,
  enteredView,
  returnDecision,
  returnEntry,
  returnItemView,
  returnRefund,
  returnState,
  returnView,
  toAskedView,
  toDecisions,
  toLineUnits,
  toReturnItemView,
  toReturnView,
} from './wire.ts';
import { withdrawReturn } from './withdraw-return.ts';

const tags = ['returns'];
const params = z.object({ returnId: z.uuid() });
const returnIdOf = (text: string): ReturnId => parseId<'return'>(text, 'returnId');

/** What comes back of orders: entered, decided line by line, paid back on the channel. */
export function returnRoutes(): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/returns',
        tags,
        summary: 'List returns, the newest first',
        ...scope('orders:read'),
        request: {
          query: pageQuery.extend({
            state: returnState.optional(),
            shopId: z.uuid().optional(),
            orderId: z.uuid().optional(),
          }),
        },
        responses: { 200: jsonOf(pageOf(returnItemView)), ...problems },
      }),
      async (c) => {
        const { after, limit, state, shopId, orderId } = c.req.valid('query');
        const page = await c.get('database').read((db) =>
          listReturns(
            db,
            { after, limit },
            {
              ...(state === undefined ? {} : { state }),
              ...(shopId === undefined ? {} : { shopId: parseId<'shop'>(shopId, 'shopId') }),
              ...(orderId === undefined ? {} : { orderId: parseId<'order'>(orderId, 'orderId') }),
            },
          ),
        );
        return c.json({ items: page.items.map(toReturnItemView), next: page.next }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/returns',
        tags,
        summary: 'Enter what comes back of an order, with or without asking the channel to pay it back',
        ...scope('orders:write'),
        request: { body: bodyOf(returnEntry) },
        responses: { 201: jsonOf(enteredView), ...problems },
      }),
      async (c) => {
        const { orderId, lines, ...rest } = c.req.valid('json');
        const entry = { ...rest, orderId: parseId<'order'>(orderId, 'orderId'), lines: toLineUnits(lines) };
        const entered = await mutate(c, async (ctx) => {
          const { refund, ...made } = await enterReturn(ctx, entry);
          return { ...made, refund: refund === null ? null : toAskedView(refund) };
        });
        return c.json(entered, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/returns/{returnId}',
        tags,
        summary: 'A return with its lines, what was decided, and the refunds that belong to it',
        ...scope('orders:read'),
        request: { params },
        responses: { 200: jsonOf(returnView), ...problems },
      }),
      async (c) => {
        const returnId = returnIdOf(c.req.valid('param').returnId);
        const found = await c.get('database').read((db) => getReturn(db, returnId));
        if (found === null) throw new Fault('not_found', 'return.not_found', { data: { returnId } });
        return c.json(toReturnView(found), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/returns/{returnId}/decisions',
        tags,
        summary: 'Decide units: restock into a warehouse, scrap, or none came back',
        ...scope('stock:write'),
        request: { params, body: bodyOf(returnDecision) },
        responses: { 200: jsonOf(decidedView), ...problems },
      }),
      async (c) => {
        const { lines, refund: wish } = c.req.valid('json');
        const input = {
          returnId: returnIdOf(c.req.valid('param').returnId),
          lines: toDecisions(lines),
          refund: wish,
        };
        const decided = await mutate(c, async (ctx) => {
          const { state, refund } = await decideReturn(ctx, input);
          return { state, refund: refund === null ? null : toAskedView(refund) };
        });
        return c.json(decided, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/returns/{returnId}/refunds',
        tags,
        summary: 'Ask the channel to pay units of a return back',
        ...scope('orders:write'),
        request: { params, body: bodyOf(returnRefund) },
        responses: { 202: jsonOf(askedView, 'Recorded; sent by the lane of the shop'), ...problems },
      }),
      async (c) => {
        const { lines, ...wish } = c.req.valid('json');
        const request = {
          ...wish,
          returnId: returnIdOf(c.req.valid('param').returnId),
          lines: lines === null ? null : toLineUnits(lines),
        };
        return c.json(await mutate(c, async (ctx) => toAskedView(await askReturnRefund(ctx, request))), 202);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/returns/{returnId}/withdraw',
        tags,
        summary: 'Take back a return that was entered in error and of which nothing is decided',
        ...scope('orders:write'),
        request: { params },
        responses: { 200: jsonOf(z.object({ state: returnState })), ...problems },
      }),
      async (c) => {
        const returnId = returnIdOf(c.req.valid('param').returnId);
        const withdrawn = await mutate(c, async (ctx) => {
          await withdrawReturn(ctx, returnId);
          return { state: 'withdrawn' as const };
        });
        return c.json(withdrawn, 200);
      },
    );
}
