import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { getShop } from '../../channels/index.ts';
import { parseId } from '../../kernel/index.ts';
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
} from '../../platform/http/index.ts';
import { getDelivery, listDeliveries, type DeliveryAttemptRow } from './queries.ts';
import { resendDeliveries } from './resend.ts';

const tags = ['deliveries'];
const instant = z.date().openapi({ type: 'string', format: 'date-time' });
const shopParams = z.object({ shopId: z.uuid() });

const attempt = z
  .object({
    messageId: z.string().openapi({ description: 'The `webhook-id`: stable over the attempts of a message' }),
    type: z.string().openapi({ example: 'stock.updated' }),
    subjectKind: z.enum(['listings', 'announcement', 'channel_request']),
    subjects: z.array(z.string()),
    attempt: z.number().int(),
    at: instant,
    durationMs: z.number().int(),
    status: z.number().int().nullable().openapi({ description: 'Null where no answer came' }),
    excerpt: z.string().nullable().openapi({ description: 'The beginning of an answer that was no success' }),
    error: z.string().nullable().openapi({ description: 'Null on success' }),
    nextAt: instant.nullable().openapi({ description: 'When it is tried again' }),
  })
  .openapi('DeliveryAttempt');

const filters = pageQuery.extend({
  state: z.enum(['delivered', 'failed']).nullable().default(null),
  type: z.string().max(100).nullable().default(null),
});

const resendBody = z.union([
  z.strictObject({ messageId: z.string().min(1).max(200) }),
  z.strictObject({ failedSince: z.iso.datetime({ offset: true }) }),
]);

/** What was sent to shops that are told by messages, and sending it again. */
export function deliveryRoutes(): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/shops/{shopId}/deliveries',
        tags,
        summary: 'List attempts to deliver messages to a shop, newest first',
        ...scope('shops:read'),
        request: { params: shopParams, query: filters },
        responses: { 200: jsonOf(pageOf(attempt)), ...problems },
      }),
      async (c) => {
        const shopId = parseId<'shop'>(c.req.valid('param').shopId, 'shopId');
        const { after, limit, state, type } = c.req.valid('query');
        const page = await c.get('database').read(async (db) => {
          await getShop(db, shopId);
          return listDeliveries(db, shopId, { after, limit }, { state, type });
        });
        return c.json({ items: page.items.map(toView), next: page.next }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/shops/{shopId}/deliveries/{messageId}',
        tags,
        summary: 'The attempts of one message, the last first',
        ...scope('shops:read'),
        request: { params: shopParams.extend({ messageId: z.string().min(1).max(200) }) },
        responses: { 200: jsonOf(z.object({ items: z.array(attempt) })), ...problems },
      }),
      async (c) => {
        const { messageId, ...params } = c.req.valid('param');
        const shopId = parseId<'shop'>(params.shopId, 'shopId');
        const items = await c.get('database').read((db) => getDelivery(db, shopId, messageId));
        return c.json({ items: items.map(toView) }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/shops/{shopId}/deliveries/resend',
        tags,
        summary: 'Send one message again, or all that failed since a time',
        description: 'Of stock the newest number goes out; anything else goes out again under the same id.',
        ...scope('shops:write'),
        request: { params: shopParams, body: bodyOf(resendBody) },
        responses: { 202: jsonOf(z.object({ messages: z.number().int(), listings: z.number().int() })), ...problems },
      }),
      async (c) => {
        const shopId = parseId<'shop'>(c.req.valid('param').shopId, 'shopId');
        const body = c.req.valid('json');
        const choice = 'messageId' in body ? body : { failedSince: new Date(body.failedSince) };
        return c.json(await mutate(c, (ctx) => resendDeliveries(ctx, shopId, choice)), 202);
      },
    );
}

function toView({ subjects, ...row }: DeliveryAttemptRow): z.infer<typeof attempt> {
  return { ...row, subjects: [...subjects] };
}
