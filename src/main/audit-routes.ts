import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { checkSeals, readKeptHeads } from '../platform/audit/index.ts';
import { jsonOf, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { auditHeadsFile } from './audit-heads-file.ts';
import { auditReport } from './audit-report.ts';
import type { Hub } from './hub.ts';

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

const broken = z.object({
  fault: z.enum(['changed', 'deleted', 'inserted', 'reordered', 'wrong_key', 'tail_cut', 'rewritten']),
  position: z.number().int(),
  entryId: z.string().nullable(),
  at: z.date().nullable(),
  action: z.string().nullable(),
  detail: z.string(),
});

const seals = z
  .object({
    isIntact: z.boolean(),
    checked: z.number().int(),
    headPosition: z.number().int(),
    broken: broken.nullable(),
    headsCompared: z.number().int(),
    unsealed: z.number().int(),
    unsealedSince: z.date().nullable(),
  })
  .openapi('SealReport');

export function auditRoutes(hub: Pick<Hub, 'env' | 'databaseUrl' | 'deps'>): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/audit/report',
        tags: ['operations'],
        summary: 'Check the invariants now: rows checked and differences, a line each',
        ...scope('audit:read'),
        responses: { 200: jsonOf(z.object({ isClean: z.boolean(), lines: z.array(line) })), ...problems },
      }),
      async (c) => c.json(await auditReport(c.get('database')), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/audit/seals',
        tags: ['operations'],
        summary: 'Check the chain of audit seals from its start, naming the first row that does not fit',
        ...scope('audit:read'),
        responses: { 200: jsonOf(seals), ...problems },
      }),
      async (c) => {
        const kept = await readKeptHeads(auditHeadsFile(hub.env, hub.databaseUrl));
        return c.json(await checkSeals(c.get('database'), hub.deps.keyring, kept), 200);
      },
    );
}
