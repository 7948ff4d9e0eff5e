import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ShopDeps } from '../channels/index.ts';
import { parseId } from '../kernel/index.ts';
import { jsonOf, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { chooseLanguage } from '../platform/i18n/index.ts';
import { explainListing } from './explain-listing.ts';
import { explainOrder } from './explain-order.ts';
import { explanationView, toExplanationView } from './explanation-view.ts';

const languageQuery = z.object({ lang: z.enum(['en', 'zh']).optional() });
const acceptLanguage = z.object({ 'accept-language': z.string().max(1_000).optional() });

/** Explanations in words: what happened to an order and why, and why a listing shows its number. */
export function explainRoutes(deps: Pick<ShopDeps, 'database' | 'connectors'>): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/orders/{orderId}/explanation',
        tags: ['orders'],
        summary: 'What happened to an order and why, in English or Chinese',
        ...scope('orders:read'),
        request: { params: z.object({ orderId: z.uuid() }), query: languageQuery, headers: acceptLanguage },
        responses: { 200: jsonOf(explanationView), ...problems },
      }),
      async (c) => {
        const orderId = parseId<'order'>(c.req.valid('param').orderId, 'orderId');
        const language = languageFor(c.req.valid('query').lang, c.req.valid('header')['accept-language']);
        c.header('Content-Language', language);
        return c.json(toExplanationView(await explainOrder(deps.database, orderId, language)), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/listings/{listingId}/explanation',
        tags: ['listings'],
        summary: 'Why a listing shows its number, term by term, in English or Chinese',
        ...scope('stock:read'),
        request: { params: z.object({ listingId: z.uuid() }), query: languageQuery, headers: acceptLanguage },
        responses: { 200: jsonOf(explanationView), ...problems },
      }),
      async (c) => {
        const listingId = parseId<'listing'>(c.req.valid('param').listingId, 'listingId');
        const language = languageFor(c.req.valid('query').lang, c.req.valid('header')['accept-language']);
        c.header('Content-Language', language);
        return c.json(toExplanationView(await explainListing(deps, listingId, language)), 200);
      },
    );
}

function languageFor(asked: 'en' | 'zh' | undefined, accepted: string | undefined): 'en' | 'zh' {
  return chooseLanguage({ asked, kept: undefined, accepted });
}
