import { createRoute, z } from '@hono/zod-openapi';
import { beforeEach, describe, expect, test } from 'vitest';
import { noDatabase } from '../../../../test/support/no-database.ts';
import { recordingLog } from '../../../../test/support/quiet-log.ts';
import { Fault } from '../../../kernel/index.ts';
import type { Actor } from '../../db/index.ts';
import { createMetrics } from '../../metrics/index.ts';
import {
  actorOf,
  bodyOf,
  checkIfMatch,
  createApp,
  etag,
  healthRoutes,
  jsonOf,
  newRouter,
  pageOf,
  pageQuery,
  problems,
  readRawBody,
  routesWithoutScope,
  scope,
} from '../index.ts';

const clerk: Actor = { kind: 'token', id: 't1', name: 'clerk', scopes: ['stock:read'] };
const everything: Actor = { kind: 'token', id: 't2', name: 'root', scopes: ['*'] };
const scrape = { token: 'scrape-me-please', isPublic: true };
const auth = { authorization: 'Bearer clerk' };

const level = z.object({ sku: z.string(), quantity: z.number().int() });
const routes = newRouter()
  .openapi(
    createRoute({
      method: 'get',
      path: '/levels',
      ...scope('stock:read'),
      request: { query: pageQuery.extend({ sku: z.string().optional() }) },
      responses: { 200: jsonOf(pageOf(level)), ...problems },
    }),
    (c) => {
      const { limit, after, sku } = c.req.valid('query');
      return c.json({ items: [{ sku: sku ?? actorOf(c).id, quantity: limit }], next: after }, 200);
    },
  )
  .openapi(
    createRoute({
      method: 'post',
      path: '/levels/{id}/count',
      ...scope('stock:write'),
      request: { params: z.object({ id: z.string() }), body: bodyOf(z.object({ lines: z.array(level).min(1) })) },
      responses: { 201: jsonOf(level), ...problems },
    }),
    (c) => c.json({ sku: c.req.valid('param').id, quantity: c.req.valid('json').lines.length }, 201),
  );

let log: ReturnType<typeof recordingLog>;
let app: ReturnType<typeof createApp>;
const metrics = createMetrics({ processMetrics: false });

beforeEach(() => {
  log = recordingLog();
  app = createApp({
    database: noDatabase,
    log,
    metrics,
    authenticate: (token) => Promise.resolve(token === 'clerk' ? clerk : token === 'root' ? everything : null),
    bodyBytesMax: 10_000,
  });
  app.route('/api/v1', routes);
  app.get('/throws/:what', (c) => {
    if (c.req.param('what') === 'fault') {
      throw new Fault('rate_limited', 'shop.busy', { message: 'slow down', retryAfterMs: 1_500, data: { shop: 's1' } });
    }
    throw new Error('password=hunter2 of mei.lin@example.com');
  });
  app.post('/hooks/x', async (c) => c.json({ size: (await readRawBody(c, 5_000)).byteLength }));
  app.get('/edit', (c) => {
    checkIfMatch(c, 7);
    c.header('ETag', etag(7));
    return c.text('ok');
  });
});

describe('who may call', () => {
  test('nothing under /api/ answers without a token, not even what does not exist', async () => {
    for (const path of ['/api/v1/levels', '/api/v1/nothing', '/api/v2/levels']) {
      const response = await app.request(path);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    }
    const unknown = await app.request('/api/v1/levels', { headers: { authorization: 'Bearer other' } });
    expect(await unknown.json()).toMatchObject({ status: 401, code: 'auth.bad_token' });
  });

  test('a scope that is missing is named', async () => {
    const response = await app.request('/api/v1/levels/1/count', { method: 'POST', headers: auth });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'auth.scope_missing', data: { scope: 'stock:write' } });
  });

  test('a route without a scope is found, and so is a handler outside the OpenAPI document', () => {
    expect(routesWithoutScope(app)).toEqual([]);
    app.get('/api/v1/open', (c) => c.text('open'));
    app.route(
      '/api/v1',
      newRouter().openapi(createRoute({ method: 'get', path: '/naked/{id}', responses: { 200: jsonOf(level) } }), (c) =>
        c.json({ sku: 'a', quantity: 1 }, 200),
      ),
    );
    expect(routesWithoutScope(app)).toEqual(['GET /api/v1/open', 'GET /api/v1/naked/:id']);
  });
});

describe('answers', () => {
  test('a page has defaults, limits and the caller', async () => {
    const response = await app.request('/api/v1/levels', { headers: auth });
    expect(await response.json()).toEqual({ items: [{ sku: 't1', quantity: 50 }], next: null });
    const bad = await app.request('/api/v1/levels?limit=201', { headers: auth });
    expect(await bad.json()).toMatchObject({ status: 400, code: 'input.invalid', fields: [{ path: 'limit' }] });
  });

  test('input that is not valid names each field and does not repeat what was sent', async () => {
    const response = await app.request('/api/v1/levels/1/count', {
      method: 'POST',
      headers: { authorization: 'Bearer root', 'content-type': 'application/json' },
      body: JSON.stringify({ lines: [{ sku: 5, quantity: 1.5, note: 'secret-note' }] }),
    });
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.parse(text).fields.map((field: { path: string }) => field.path)).toEqual([
      'lines.0.sku',
      'lines.0.quantity',
    ]);
    expect(text).not.toContain('secret-note');
  });

  test('a body that is no JSON is a 400', async () => {
    const response = await app.request('/api/v1/levels/1/count', {
      method: 'POST',
      headers: { authorization: 'Bearer root', 'content-type': 'application/json' },
      body: '{"lines":',
    });
    expect(await response.json()).toMatchObject({ status: 400, code: 'input.unreadable' });
  });

  test('a fault keeps its code, data and Retry-After', async () => {
    const response = await app.request('/throws/fault');
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2']);
    expect(await response.json()).toMatchObject({ code: 'shop.busy', detail: 'slow down', data: { shop: 's1' } });
  });

  test('an unexpected error gives a request id and nothing else', async () => {
    const response = await app.request('/throws/error', { headers: { 'x-request-id': 'req-12345678' } });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Something went wrong here',
      status: 500,
      code: 'internal',
      requestId: 'req-12345678',
    });
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error' }));
  });

  test('a path that does not exist is a problem too', async () => {
    const response = await app.request('/nowhere');
    expect(await response.json()).toMatchObject({ status: 404, code: 'route.not_found' });
  });

  test('every answer carries the strictest headers and a request id', async () => {
    for (const path of ['/nowhere', '/throws/error', '/edit', '/api/v1/levels']) {
      const { headers } = await app.request(path, { headers: { 'x-request-id': 'bad id\twith spaces' } });
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe('bodies', () => {
  test('above the limit are refused, with and without a length', async () => {
    const body = 'x'.repeat(10_001);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body));
        controller.close();
      },
    });
    const withLength = { method: 'POST', body, headers: { 'content-length': '10001' } };
    const streamed = { method: 'POST', body: stream, duplex: 'half' as const };
    for (const init of [withLength, streamed]) {
      const response = await app.request('/hooks/x', init);
      expect(await response.json()).toMatchObject({ status: 413, code: 'body.too_large' });
    }
  });

  test('of a webhook are bytes, with a limit of their own', async () => {
    const bom = Buffer.from([0xef, 0xbb, 0xbf, 0xc4, 0xe3]);
    const response = await app.request('/hooks/x', { method: 'POST', body: bom });
    expect(await response.json()).toEqual({ size: 5 });
    const large = await app.request('/hooks/x', { method: 'POST', body: Buffer.alloc(6_000) });
    expect(large.status).toBe(413);
  });
});

test('an edit of another version is a 412; a malformed tag is a 400', async () => {
  const edit = (tag: string) => app.request('/edit', { headers: { 'if-match': tag } });
  expect((await edit('"7"')).headers.get('etag')).toBe('"7"');
  expect((await edit('*')).status).toBe(200);
  expect((await app.request('/edit')).status).toBe(200);
  expect(await (await edit('"6"')).json()).toMatchObject({ status: 412, code: 'etag.mismatch' });
  expect((await edit('7')).status).toBe(400);
});

test('the OpenAPI document names the scopes and the problem', () => {
  const document = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'Wharf', version: '1' } });
  expect(document.paths?.['/api/v1/levels']?.get?.security).toEqual([{ bearer: ['stock:read'] }]);
  expect(document.components?.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });
  expect(document.components?.schemas).toHaveProperty('Problem');
});

describe('health', () => {
  test('a process that lost its database is alive but not ready, and says which', async () => {
    app.route(
      '/',
      healthRoutes({
        checks: {
          database: () => Promise.reject(new Error('away')),
          queue: () => Promise.resolve(0),
          slow: () => new Promise(() => undefined),
        },
        metrics,
        scrape,
        checkTimeoutMs: 20,
      }),
    );
    expect((await app.request('/livez')).status).toBe(200);
    const ready = await app.request('/readyz');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      status: 'failed',
      checks: { database: 'failed', queue: 'ok', slow: 'failed' },
    });
  });

  test('metrics show requests by pattern, never by path, and leave out a gauge whose source is away', async () => {
    app.route('/', healthRoutes({ checks: {}, metrics, scrape }));
    metrics.addGauge({
      name: 'wharf_inbox_age_seconds',
      help: 'Age of the oldest pending event',
      labels: ['shop'],
      read: () => Promise.resolve([{ labels: { shop: 's1' }, value: 7 }]),
    });
    metrics.addGauge({ name: 'wharf_away', help: 'Away', labels: [], read: () => Promise.reject(new Error('away')) });
    await app.request('/api/v1/levels/4711/count', { method: 'POST', headers: { authorization: 'Bearer root' } });
    await app.request('/no/such/secret-path');
    const text = await (
      await app.request('/metrics', { headers: { authorization: 'Bearer scrape-me-please' } })
    ).text();
    expect(text).toContain('wharf_inbox_age_seconds{shop="s1"} 7');
    expect(text).toContain('route="/api/v1/levels/:id/count"');
    expect(text).not.toContain('4711');
    expect(text).not.toContain('secret-path');
    expect(text).not.toMatch(/^wharf_away\b/m);
  });

  /** What node-server hands to the app for a connection from there. */
  const from = (address: string) => ({ incoming: { socket: { remoteAddress: address } } });

  test.each([
    ['the token', { token: 'scrape-me-please', isPublic: true }, 'Bearer scrape-me-please', '203.0.113.9', {}, 200],
    ['another token', { token: 'scrape-me-please', isPublic: false }, 'Bearer root', '127.0.0.1', {}, 401],
    ['no token, though one is set', { token: 'scrape-me-please', isPublic: false }, '', '127.0.0.1', {}, 401],
    ['this machine', { token: null, isPublic: false }, '', '::ffff:127.0.0.1', {}, 200],
    ['this machine, when the server is public', { token: null, isPublic: true }, '', '127.0.0.1', {}, 401],
    ['a proxy on this machine', { token: null, isPublic: false }, '', '::1', { 'x-forwarded-for': '203.0.113.9' }, 401],
    ['another machine', { token: null, isPublic: false }, '', '192.168.1.7', {}, 401],
  ])('metrics are asked for by %s', async (_who, rule, authorization, address, headers, status) => {
    const guarded = createApp({ database: noDatabase, log, authenticate: async () => null });
    guarded.route('/', healthRoutes({ checks: {}, metrics, scrape: rule }));
    const answer = await guarded.request('/metrics', { headers: { authorization, ...headers } }, from(address));
    expect(answer.status).toBe(status);
    if (status === 401) expect(await answer.json()).toMatchObject({ code: 'metrics.token_needed' });
  });
});
