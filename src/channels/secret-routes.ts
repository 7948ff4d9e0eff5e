import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { parseId } from '../kernel/index.ts';
import { bodyOf, jsonOf, mutate, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import type { ShopDeps } from './deps.ts';
import { overlapHoursMax, rotateSecret } from './rotate-secret.ts';

const tags = ['shops'];
const instant = z.date().openapi({ type: 'string', format: 'date-time' });

/** Signing secrets that are made here. */
export function secretRoutes(deps: ShopDeps): OpenAPIHono<AppEnv> {
  return newRouter().openapi(
    createRoute({
      method: 'post',
      path: '/shops/{shopId}/secret/rotate',
      tags,
      summary: 'Make a new signing secret for a store of your own',
      description:
        'The secret is in this answer and nowhere else; a repeat with the same Idempotency-Key has null instead. The one ' +
        'before it stays good for the overlap, and messages are signed by both.',
      ...scope('shops:write'),
      request: {
        params: z.object({ shopId: z.uuid() }),
        body: bodyOf(z.strictObject({ overlapHours: z.number().int().min(0).max(overlapHoursMax).default(24) })),
      },
      responses: { 200: jsonOf(z.object({ secret: z.string().nullable(), previousUntil: instant })), ...problems },
    }),
    async (c) => {
      const shopId = parseId<'shop'>(c.req.valid('param').shopId, 'shopId');
      const overlapMs = c.req.valid('json').overlapHours * 3_600_000;
      // Not part of what `mutate` returns: that is stored under the Idempotency-Key, and a secret is stored sealed only.
      const shown: { secret: string | null } = { secret: null };
      const { previousUntil } = await mutate(c, async (ctx) => {
        const rotated = await rotateSecret(ctx, deps, shopId, overlapMs);
        shown.secret = rotated.secret;
        return { previousUntil: rotated.previousUntil };
      });
      return c.json({ secret: shown.secret, previousUntil: new Date(previousUntil) }, 200);
    },
  );
}
