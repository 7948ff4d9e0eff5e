import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { channelListing, paperDeps, paperOrigin } from '../../test/support/paper-channel.ts';
import { recordingLog } from '../../test/support/quiet-log.ts';
import { catalogRoutes } from '../catalog/index.ts';
import { createToken, openTokenGate, tokenRoutes } from '../identity/index.ts';
import { parseId } from '../kernel/index.ts';
import { createApp, routesWithoutScope, type AppEnv } from '../platform/http/index.ts';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { channelRoutes, storeListings, storeLocations } from './index.ts';

const database = useDatabase();
const log = recordingLog();
const canary = 'sk_canary_77aa';
let app: OpenAPIHono<AppEnv>;
let token: string;
const answers: string[] = [];

beforeAll(async () => {
  const deps = paperDeps(database);
  const gate = openTokenGate({ database, clock: { now: () => new Date(), sleep: () => Promise.resolve() }, log });
  app = createApp({ database, log, authenticate: (text) => gate.authenticate(text) });
  for (const routes of [tokenRoutes(), catalogRoutes(), channelRoutes(deps)]) app.route('/api/v1', routes);
  app.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'test', version: '0' } });
  ({ token } = await database.run((ctx) => createToken(ctx, { name: 'all', scopes: ['*'], expiresAt: null })));
  return () => gate.close();
});

type Answer = { status: number; headers: Headers; body: Record<string, unknown> };

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await app.request(`/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  answers.push(text);
  return { status: response.status, headers: response.headers, body: JSON.parse(text) as Record<string, unknown> };
}

const connection = { channel: 'paper', settings: { baseUrl: `${paperOrigin}/x`, apiKey: canary } };

test('every route declares its scope and stands in the OpenAPI document', async () => {
  expect(routesWithoutScope(app)).toEqual([]);
  const document = (await (await app.request('/openapi.json')).json()) as { paths: Record<string, unknown> };
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/api/v1/tokens', '/api/v1/skus', '/api/v1/listings/map']),
  );
  expect(JSON.stringify(document)).toContain('date-time');
});

test('a shop is connected, mapped and removed over the API, and no answer or log line shows a credential', async () => {
  expect((await call('GET', '/channels')).body).toMatchObject({ items: [{ code: 'paper', secrets: ['apiKey'] }] });
  expect((await call('POST', '/shops/check', connection)).body).toMatchObject({ shopName: 'Paper & Co' });
  const connected = await call(
    'POST',
    '/shops',
    { ...connection, pushesStock: true },
    { 'idempotency-key': 'connect-1' },
  );
  expect(connected.status).toBe(201);
  const again = await call('POST', '/shops', { ...connection, pushesStock: true }, { 'idempotency-key': 'connect-1' });
  expect(again.body).toEqual(connected.body);
  const shopId = parseId<'shop'>(String(connected.body['shopId']), 'shopId');

  await database.run(async (ctx) => {
    await storeListings(ctx, shopId, [channelListing('a', { sku: 'API-1' }), channelListing('b')]);
    await storeLocations(ctx, shopId, [{ externalId: 'east', name: 'East' }]);
  });
  const created = await call('POST', '/products', {
    products: [{ title: 'Api', skus: [{ code: 'API-1', title: 'Api' }] }],
  });
  expect(created.status).toBe(201);
  const { items: skus } = (await call('GET', '/skus?search=API-')).body as { items: { skuId: string }[] };
  const listings = (await call('GET', `/listings?shopId=${shopId}&state=unmapped`)).body as {
    items: { listingId: string }[];
  };
  expect(listings.items).toHaveLength(2);
  const mappings = listings.items.map(({ listingId }) => ({ listingId, skuId: skus[0]?.skuId }));
  expect((await call('POST', '/listings/map', { mappings })).body['listingIds']).toHaveLength(2);
  expect((await call('POST', '/listings/accept', { shopId, listingIds: 'all' })).body).toEqual({ listingIds: [] });
  expect(
    (await call('POST', '/listings/unmap', { listingIds: [mappings[0]?.listingId] })).body['listingIds'],
  ).toHaveLength(1);
  expect((await call('GET', `/listings/${mappings[0]?.listingId}`)).body).toMatchObject({ skuId: null, multiplier: 1 });

  const shop = await call('GET', `/shops/${shopId}`);
  expect(shop.headers.get('etag')).toBe('"1"');
  expect(shop.body).toMatchObject({ settings: { baseUrl: `${paperOrigin}/x`, region: 'eu' }, health: { failures: 0 } });
  expect(shop.body).not.toHaveProperty('webhookKey');
  const change = { settings: { apiKey: `${canary}-2` } };
  expect((await call('PATCH', `/shops/${shopId}`, change)).body).toMatchObject({ fields: [{ path: 'if-match' }] });
  expect((await call('PATCH', `/shops/${shopId}`, change, { 'if-match': '"7"' })).status).toBe(412);
  expect((await call('PATCH', `/shops/${shopId}`, change, { 'if-match': '"1"' })).headers.get('etag')).toBe('"2"');
  const moved = await call(
    'PATCH',
    `/shops/${shopId}`,
    { settings: { baseUrl: 'https://thief.example.com' } },
    { 'if-match': '"2"' },
  );
  expect(moved.body).toMatchObject({
    status: 400,
    code: 'shop.credentials_needed',
    fields: [{ path: 'settings.apiKey' }],
  });

  expect((await call('GET', `/shops/${shopId}/locations`)).body).toMatchObject({ items: [{ externalId: 'east' }] });
  const nowhere = { locations: [{ externalId: 'west', warehouseId: null, rank: 0 }] };
  expect((await call('PUT', `/shops/${shopId}/locations`, nowhere)).status).toBe(404);
  expect((await call('POST', `/shops/${shopId}/polls`, { streams: ['orders'] })).body).toEqual({ streams: ['orders'] });
  expect((await call('POST', `/shops/${shopId}/pause`)).body).toEqual({ shopId, state: 'paused' });
  expect((await call('POST', `/shops/${shopId}/resume`)).body).toEqual({ shopId, state: 'active' });
  expect((await call('DELETE', `/shops/${shopId}`)).body).toEqual({ shopId, state: 'removed' });
  expect((await call('POST', `/shops/${shopId}/resume`)).status).toBe(409);
  expect((await call('GET', '/shops')).body['items']).toEqual([]);
  expect((await call('GET', '/shops?withRemoved=true')).body['items']).toHaveLength(1);

  const refused = await call('POST', '/shops', {
    ...connection,
    settings: { ...connection.settings, baseUrl: canary },
  });
  expect(refused.body).toMatchObject({ code: 'shop.bad_settings', fields: [{ path: 'settings.baseUrl' }] });
  expect(`${answers.join('\n')} ${JSON.stringify(log.lines)}`).not.toContain(canary);
});

test('the secret of a token is answered once, and stored nowhere, not even under an idempotency key', async () => {
  const wanted = { name: 'till', scopes: ['stock:read'] };
  const first = await call('POST', '/tokens', wanted, { 'idempotency-key': 'token-1' });
  const secret = String(first.body['token']);
  expect(secret).toMatch(/^wharf_/);
  const replayed = await call('POST', '/tokens', wanted, { 'idempotency-key': 'token-1' });
  expect(replayed.body).toEqual({ tokenId: first.body['tokenId'], token: null });
  const till = async (path: string) =>
    (await app.request(`/api/v1${path}`, { headers: { authorization: `Bearer ${secret}` } })).status;
  expect([await till('/skus'), await till('/tokens')]).toEqual([403, 403]);
  expect((await call('GET', '/tokens')).body['items']).toHaveLength(2);
  expect((await call('DELETE', `/tokens/${String(first.body['tokenId'])}`)).status).toBe(200);
  expect(await till('/skus')).toBe(401);
});

test('the catalogue is written and read over the API, with the field of every fault', async () => {
  const { body } = await call('POST', '/products', {
    products: [
      {
        title: 'Pot',
        skus: [
          { code: 'POT-1', title: 'Pot', barcodes: ['777'] },
          { code: 'POT-2', title: 'Pot' },
        ],
      },
    ],
  });
  const [product] = body['products'] as { productId: string; skus: { skuId: string }[] }[];
  const skuId = product?.skus[1]?.skuId;
  const twice = await call('POST', '/skus', {
    products: [
      {
        productId: product?.productId,
        skus: [
          { code: 'POT-3', title: 'Pot' },
          { code: 'POT-1', title: 'Pot' },
        ],
      },
    ],
  });
  expect(twice.body).toMatchObject({
    status: 409,
    code: 'sku.code_taken',
    fields: [{ path: 'products.0.skus.1.code' }],
  });
  expect((await call('POST', '/skus/barcodes', { skus: [{ skuId, barcodes: ['777'] }] })).status).toBe(409);
  expect((await call('POST', '/skus/barcodes', { skus: [{ skuId, barcodes: ['888'] }] })).body).toEqual({ added: 1 });
  expect((await call('POST', `/skus/${skuId}/barcodes/remove`, { barcodes: ['888'] })).body).toEqual({ removed: 1 });
  const patched = await call('PATCH', `/skus/${skuId}`, { weightG: 120 }, { 'if-match': '"1"' });
  expect(patched.body).toEqual({ version: 2 });
  expect((await call('GET', `/skus/${skuId}`)).body).toMatchObject({ code: 'POT-2', weightG: 120, version: 2 });
  const archived = await call('PATCH', `/products/${product?.productId}`, { state: 'archived' }, { 'if-match': '"1"' });
  expect(archived.headers.get('etag')).toBe('"2"');
  expect((await call('GET', `/products/${product?.productId}`)).body).toMatchObject({
    state: 'archived',
    skus: [{}, {}],
  });
  expect((await call('GET', '/products?search=pot&limit=1')).body).toMatchObject({
    items: [{ title: 'Pot' }],
    next: null,
  });
  expect((await call('GET', '/products?after=broken')).body).toMatchObject({ status: 400, code: 'page.bad_cursor' });
  expect((await call('GET', '/skus/not-an-id')).status).toBe(400);
  expect((await call('POST', '/products', { products: [{ title: 'Pot' }] })).body).toMatchObject({
    fields: [{ path: 'products.0.skus' }],
  });
});
