import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { parseId } from '../kernel/index.ts';
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
import { createToken } from './create-token.ts';
import { listTokens } from './queries.ts';
import { revokeToken } from './revoke-token.ts';
import { scopes } from './scopes.ts';

const tags = ['tokens'];
const instant = z.date().openapi({ type: 'string', format: 'date-time' });

const newToken = z.strictObject({
  name: z.string().max(500),
  scopes: z
    .array(z.string().max(100))
    .max(100)
    .openapi({ description: `\`*\`, or any of: ${Object.keys(scopes).join(', ')}` }),
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
});

const tokenView = z
  .object({
    tokenId: z.string(),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.string()),
    createdAt: instant,
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
  })
  .openapi('Token');

/** API tokens: made, listed and revoked by whoever holds `tokens:write`. */
export function tokenRoutes(): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'post',
        path: '/tokens',
        tags,
        summary: 'Create a token',
        description:
          'The token is in this answer and nowhere else; a repeat with the same Idempotency-Key has null instead.',
        ...scope('tokens:write'),
        request: { body: bodyOf(newToken) },
        responses: { 201: jsonOf(z.object({ tokenId: z.string(), token: z.string().nullable() })), ...problems },
      }),
      async (c) => {
        const { name, scopes: wanted, expiresAt } = c.req.valid('json');
        // Not part of what `mutate` returns: that is stored under the Idempotency-Key, and a token is stored nowhere.
        const secret: { token: string | null } = { token: null };
        const { tokenId } = await mutate(c, async (ctx) => {
          const expires = expiresAt === null ? null : new Date(expiresAt);
          const created = await createToken(ctx, { name, scopes: wanted, expiresAt: expires });
          secret.token = created.token;
          return { tokenId: created.tokenId };
        });
        return c.json({ tokenId, token: secret.token }, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/tokens',
        tags,
        summary: 'List tokens, newest first',
        ...scope('tokens:write'),
        request: { query: pageQuery },
        responses: { 200: jsonOf(pageOf(tokenView)), ...problems },
      }),
      async (c) => {
        const { items, next } = await c.get('database').read((db) => listTokens(db, c.req.valid('query')));
        return c.json({ items: items.map((token) => ({ ...token, scopes: [...token.scopes] })), next }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/tokens/{tokenId}',
        tags,
        summary: 'Revoke a token at once',
        ...scope('tokens:write'),
        request: { params: z.object({ tokenId: z.uuid() }) },
        responses: { 200: jsonOf(z.object({ tokenId: z.string() })), ...problems },
      }),
      async (c) => {
        const tokenId = parseId<'api_token'>(c.req.valid('param').tokenId, 'tokenId');
        const revoked = await mutate(c, async (ctx) => {
          await revokeToken(ctx, tokenId);
          return { tokenId };
        });
        return c.json(revoked, 200);
      },
    );
}
