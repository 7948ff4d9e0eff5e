import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { jsonOf, newRouter, problems, scope, type AppEnv } from '../../platform/http/index.ts';
import { readChecklist } from './checklist.ts';

const count = z.number().int();

const checklist = z.object({
  phase: z.enum(['paused', 'reading', 'read']),
  recovery: z.object({
    epoch: count,
    backupId: z.string(),
    backupAt: z.date(),
    restoredAt: z.date(),
    readingAt: z.date().nullable(),
  }),
  shops: z.object({ shops: count, unread: z.array(z.string()), pushing: z.array(z.string()) }),
  writes: z.object({ writes: count, readBack: count }),
  waiting: z.object({ reads: count, documents: count }),
  refetched: z.object({ orders: count, shippedElsewhere: count, unitsElsewhere: count }),
  series: z.array(z.string()),
});

export function recoveryRoutes(): OpenAPIHono<AppEnv> {
  return newRouter().openapi(
    createRoute({
      method: 'get',
      path: '/recovery',
      tags: ['operations'],
      summary:
        'A restore that waits to be confirmed: how far the shops were read, and what to look at; null in daily life',
      ...scope('audit:read'),
      responses: { 200: jsonOf(z.object({ pending: checklist.nullable() })), ...problems },
    }),
    async (c) => {
      const found = await readChecklist(c.get('database'));
      const pending =
        found === null
          ? null
          : {
              ...found,
              shops: { ...found.shops, unread: [...found.shops.unread], pushing: [...found.shops.pushing] },
              series: [...found.series],
            };
      return c.json({ pending }, 200);
    },
  );
}
