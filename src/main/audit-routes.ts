import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { jsonOf, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { auditReport } from './audit-report.ts';

const line = z.object({
  invariant: z.number().int(),
  name: z.string(),
  title: z.string(),
  checked: z.number().int(),
  differenceCount: z.number().int(),
  differences: z.array(z.object({ subject: z.string(), expected: z.string(), found: z.string() })),
  pending: z.number().int(),
  oldestSeenAt: z.date().nullable(),
});

export function auditRoutes(): OpenAPIHono<AppEnv> {
  return newRouter().openapi(
    createRoute({
      method: 'get',
      path: '/audit/report',
      tags: ['operations'],
      summary: 'Checks the invariants now: rows checked and differences, a line each',
      ...scope('audit:read'),
      responses: { 200: jsonOf(z.object({ isClean: z.boolean(), lines: z.array(line) })), ...problems },
    }),
    async (c) => c.json(await auditReport(c.get('database')), 200),
  );
}
