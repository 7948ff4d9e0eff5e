import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { webhookAnswerMsMax } from '../../config/defaults.ts';
import { getShop, type ShopDeps } from '../channels/index.ts';
import { Fault, parseId } from '../kernel/index.ts';
import {
  bodyOf,
  jsonOf,
  mutate,
  newRouter,
  pageOf,
  pageQuery,
  problems,
  readRawBody,
  scope,
  type AppEnv,
} from '../platform/http/index.ts';
import { pushRoutes } from './push-routes.ts';
import { getInboxEvent, listInbox } from './queries.ts';
import { answerWithin } from './answer-within.ts';
import { openReception } from './receive-webhook.ts';
import { replayRoutes } from './replay-routes.ts';
import { requestReads } from './request-reads.ts';

const tags = ['inbox'];
const states = ['pending', 'applied', 'superseded', 'parked'] as const;
const instant = z.date().openapi({ type: 'string', format: 'date-time' });
const shopIdOf = (text: string | null) => (text === null ? null : parseId<'shop'>(text, 'shopId'));

const eventView = z
  .object({
    id: z.string(),
    shopId: z.string(),
    source: z.enum(['webhook', 'poll', 'read', 'api']),
    topic: z.string(),
    externalId: z.string().nullable(),
    state: z.enum(states),
    sourceVersion: z.string().nullable(),
    readStartedAt: instant,
    receivedAt: instant,
    isBackfill: z.boolean(),
    attempts: z.number().int(),
    finishedAt: instant.nullable(),
    cause: z.unknown(),
  })
  .openapi('InboxEvent');

const filters = pageQuery.extend({
  shopId: z.uuid().nullable().default(null),
  state: z.enum(states).nullable().default(null),
  externalId: z.string().max(200).nullable().default(null),
});

const readsBody = z.object({ shopId: z.uuid(), externalIds: z.array(z.string().min(1).max(200)).min(1).max(1_000) });

/** What came in, what is parked and why, and sending it through again. */
export function inboxRoutes(deps: ShopDeps): OpenAPIHono<AppEnv> {
  return newRouter()
    .route('/', pushRoutes(deps))
    .route('/', replayRoutes(deps))
    .openapi(
      createRoute({
        method: 'get',
        path: '/inbox',
        tags,
        summary: 'List messages from channels, newest first, without their bodies',
        ...scope('orders:read'),
        request: { query: filters },
        responses: { 200: jsonOf(pageOf(eventView)), ...problems },
      }),
      async (c) => {
        const { after, limit, shopId, state, externalId } = c.req.valid('query');
        const wanted = { shopId: shopIdOf(shopId), state, externalId };
        const page = await c.get('database').read((db) => listInbox(db, { after, limit }, wanted));
        return c.json({ items: [...page.items], next: page.next }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/inbox/{eventId}',
        tags,
        summary: 'One message, without its body',
        ...scope('orders:read'),
        request: { params: z.object({ eventId: z.uuid() }) },
        responses: { 200: jsonOf(eventView), ...problems },
      }),
      async (c) => {
        const id = parseId<'inbox_event'>(c.req.valid('param').eventId, 'eventId');
        return c.json(await c.get('database').read((db) => getInboxEvent(db, id)), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/inbox/reads',
        tags,
        summary: 'Ask for orders to be read again from the channel',
        ...scope('orders:write'),
        request: { body: bodyOf(readsBody) },
        responses: { 202: jsonOf(z.object({ asked: z.number().int() })), ...problems },
      }),
      async (c) => {
        const { shopId, externalIds } = c.req.valid('json');
        const asked = await mutate(c, async (ctx) => {
          const shop = await getShop(ctx.tx, parseId<'shop'>(shopId, 'shopId'));
          if (deps.connectors.get(shop.channel)?.orders.readOrders === undefined) {
            throw new Fault('conflict', 'channel.cannot_read', {
              message: `${shop.channel} cannot be asked for an order; let it send the order again`,
            });
          }
          await requestReads(ctx, shop.shopId, externalIds, 'asked');
          return { asked: externalIds.length };
        });
        return c.json(asked, 202);
      },
    );
}

const webhookKeyPattern = /^[\w-]{1,100}$/;

/** Where channels deliver: outside the API, signed by the channel, answered in its own few words. */
export function hookRoutes(deps: ShopDeps, answerMsMax = webhookAnswerMsMax): OpenAPIHono<AppEnv> {
  const routes = newRouter();
  const receive = openReception(deps);
  routes.post('/:webhookKey', async (c) => {
    const rawBody = await readRawBody(c);
    const { method, url } = c.req.raw;
    const webhookKey = c.req.param('webhookKey');
    if (!webhookKeyPattern.test(webhookKey)) return c.json({ code: 'hook.unknown' }, 404);
    const received = receive(webhookKey, { method, url, headers: c.req.raw.headers, rawBody });
    const answer = await answerWithin(received, answerMsMax);
    return c.json(answer.body, answer.status, { ...answer.headers });
  });
  return routes;
}
