import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { listExceptions } from '../platform/exceptions/index.ts';
import { jsonOf, newRouter, pageOf, pageQuery, problems, scope, type AppEnv } from '../platform/http/index.ts';

const exception = z.object({
  id: z.string(),
  kind: z.string(),
  subjectKind: z.string(),
  subjectId: z.string(),
  shopId: z.string().nullable(),
  cause: z.record(z.string(), z.unknown()),
  nextStep: z.string(),
  owner: z.string().nullable(),
  openedAt: z.date(),
  seenAt: z.date(),
  seenCount: z.number().int(),
  closedAt: z.date().nullable(),
});

const query = pageQuery.extend({
  state: z.enum(['open', 'closed', 'all']).default('open'),
  kind: z.string().optional(),
  shopId: z.uuid().optional(),
  subjectKind: z.string().optional(),
  subjectId: z.string().optional(),
});

export function exceptionRoutes(): OpenAPIHono<AppEnv> {
  return newRouter().openapi(
    createRoute({
      method: 'get',
      path: '/exceptions',
      tags: ['operations'],
      summary: 'Whatever is stuck: its cause and what would free it, newest first',
      ...scope('orders:read'),
      request: { query },
      responses: { 200: jsonOf(pageOf(exception)), ...problems },
    }),
    async (c) => {
      const { after, limit, ...filter } = c.req.valid('query');
      const page = await c.get('database').read((db) => listExceptions(db, { after, limit }, filter));
      return c.json({ items: [...page.items], next: page.next }, 200);
    },
  );
}
