import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { jsonOf, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { listLanes } from '../platform/queue/index.ts';

const lane = z.object({
  name: z.string(),
  isHeld: z.boolean(),
  leasedUntil: z.date().nullable(),
  drainedAt: z.date().nullable(),
  isPaused: z.boolean(),
  failures: z.number().int(),
  retryAt: z.date().nullable(),
  lastError: z.string().nullable(),
  lastErrorAt: z.date().nullable(),
});

export function laneRoutes(): OpenAPIHono<AppEnv> {
  return newRouter().openapi(
    createRoute({
      method: 'get',
      path: '/lanes',
      tags: ['operations'],
      summary: 'Lanes: who drains them, since when they are dry, what failed',
      ...scope('audit:read'),
      responses: { 200: jsonOf(z.object({ items: z.array(lane) })), ...problems },
    }),
    async (c) => c.json({ items: await c.get('database').read((db) => listLanes(db, new Date())) }, 200),
  );
}
