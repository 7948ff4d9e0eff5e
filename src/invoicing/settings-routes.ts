import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { parseId, type ShopId } from '../kernel/index.ts';
import type { AnyDb } from '../platform/db/index.ts';
import { bodyOf, jsonOf, mutate, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { changeRule, type RuleChange } from './change-rule.ts';
import { confirmLastNumber } from './confirm-last-number.ts';
import { createSeries } from './create-series.ts';
import { listRules } from './rules.ts';
import { changeSeller, readSeller, seller } from './seller.ts';
import { listSeries } from './series.ts';
import { ruleBody, ruleView, seriesView, shopIdOf } from './views.ts';

const tags = ['invoices'];
const settingsView = z.object({
  seller: seller.nullable(),
  company: ruleView,
  shops: z.array(ruleView),
  series: z.array(seriesView),
});

/** Who issues, when and in which language, by which numbers. */
export function invoicingSettingsRoutes(): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/invoicing/settings',
        tags,
        summary: 'The seller, the rule of the company, what shops do otherwise, the series',
        ...scope('invoices:read'),
        responses: { 200: jsonOf(settingsView), ...problems },
      }),
      async (c) => c.json(await c.get('database').read(readSettings), 200),
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/invoicing/seller',
        tags,
        summary: 'Say who issues; what was issued stays as it is',
        ...scope('invoices:write'),
        request: { body: bodyOf(seller) },
        responses: { 200: jsonOf(seller), ...problems },
      }),
      async (c) => {
        const input = c.req.valid('json');
        return c.json(await mutate(c, (ctx) => changeSeller(ctx, input)), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/invoicing/rule',
        tags,
        summary: 'Say when and how orders are invoiced',
        ...scope('invoices:write'),
        request: { body: bodyOf(ruleBody) },
        responses: { 200: jsonOf(settingsView), ...problems },
      }),
      async (c) => {
        const change = c.req.valid('json');
        await mutate(c, (ctx) => ruled(changeRule(ctx, null, change)));
        return c.json(await c.get('database').read(readSettings), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/invoicing/rules/{shopId}',
        tags,
        summary: 'Say what a shop does otherwise; null takes it back to the rule of the company',
        ...scope('invoices:write'),
        request: { params: z.object({ shopId: z.uuid() }), body: bodyOf(ruleBody) },
        responses: { 200: jsonOf(settingsView), ...problems },
      }),
      async (c) => {
        const shopId: ShopId = shopIdOf(c.req.valid('param').shopId);
        const change: RuleChange = c.req.valid('json');
        await mutate(c, (ctx) => ruled(changeRule(ctx, shopId, change)));
        return c.json(await c.get('database').read(readSettings), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/invoicing/series',
        tags,
        summary: 'Add a series of numbers',
        ...scope('invoices:write'),
        request: {
          body: bodyOf(
            z.object({
              code: z.string().max(20),
              format: z.string().max(40).openapi({ example: 'INV-{year}-{number:6}' }),
              restarts: z.enum(['yearly', 'never']).default('yearly'),
              startAt: z.number().int().min(1).default(1),
            }),
          ),
        },
        responses: { 201: jsonOf(z.object({ seriesId: z.string() })), ...problems },
      }),
      async (c) => {
        const input = c.req.valid('json');
        return c.json(await mutate(c, (ctx) => createSeries(ctx, input)), 201);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/invoicing/series/{seriesId}/confirm',
        tags,
        summary: 'Enter the last number issued anywhere, so that a series that a restore locked goes on after it',
        ...scope('invoices:write'),
        request: {
          params: z.object({ seriesId: z.uuid() }),
          body: bodyOf(z.object({ lastNumber: z.number().int().min(0), year: z.number().int().min(0).optional() })),
        },
        responses: { 200: jsonOf(z.object({ seriesId: z.string(), lostNumbers: z.number().int() })), ...problems },
      }),
      async (c) => {
        const seriesId = parseId<'invoice_series'>(c.req.valid('param').seriesId, 'seriesId');
        const { lastNumber, year } = c.req.valid('json');
        return c.json(await mutate(c, (ctx) => confirmLastNumber(ctx, { seriesId, lastNumber, year })), 200);
      },
    );
}

async function ruled(changing: Promise<void>): Promise<{ changed: true }> {
  await changing;
  return { changed: true };
}

async function readSettings(db: AnyDb): Promise<z.output<typeof settingsView>> {
  const [company, ...shops] = await listRules(db);
  if (company === undefined) throw new Error('the company has no rule');
  return { seller: await readSeller(db), company, shops, series: await listSeries(db) };
}
