import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { doctorKeptMs } from '../../config/defaults.ts';
import { runDoctor } from '../doctor/index.ts';
import { jsonOf, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { cached } from '../platform/metrics/index.ts';
import { doctorChecks, type DoctorSubject } from './doctor/doctor-checks.ts';

const verdict = z.enum(['ok', 'warn', 'bad', 'unknown']);

const report = z
  .object({
    verdict,
    lines: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        verdict,
        tookMs: z.number().int(),
        findings: z.array(
          z.object({
            verdict,
            subject: z.string().nullable(),
            found: z.string(),
            nextStep: z.string().nullable(),
          }),
        ),
      }),
    ),
  })
  .openapi('DoctorReport');

/** The same look as `wharf doctor`, from inside the server. Kept for 10 s: it calls out for certificates. */
export function doctorRoutes(subject: DoctorSubject): OpenAPIHono<AppEnv> {
  const look = cached(() => runDoctor(doctorChecks(subject)), doctorKeptMs);
  return newRouter().openapi(
    createRoute({
      method: 'get',
      path: '/doctor',
      tags: ['operations'],
      summary: 'Look at everything this hub stands on, with the next step for each finding',
      ...scope('audit:read'),
      responses: { 200: jsonOf(report), ...problems },
    }),
    async (c) => {
      const { verdict: overall, lines } = await look();
      return c.json({ verdict: overall, lines: lines.map((line) => ({ ...line, findings: [...line.findings] })) }, 200);
    },
  );
}
