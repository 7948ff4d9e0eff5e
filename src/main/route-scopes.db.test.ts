import { afterAll, beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { tellFigure } from '../../test/support/figures.ts';
import { paperDeps } from '../../test/support/paper-channel.ts';
import { openFace, tokenOf } from '../../test/support/requests/face.ts';
import { readOperations, type Operation } from '../../test/support/requests/operations.ts';
import { scopes, type Scope } from '../identity/index.ts';
import { routesWithoutScope } from '../platform/http/index.ts';

/**
 * Which routes each scope opens, written down a second time: a route that is new, gone, or opened to another scope fails here
 * until somebody has said whom it is for.
 */
const opened: Readonly<Record<Scope, readonly string[]>> = {
  'catalog:read': ['GET /products', 'GET /products/{productId}', 'GET /skus', 'GET /skus/{skuId}'],
  'catalog:write': [
    'PATCH /products/{productId}',
    'PATCH /skus/{skuId}',
    'POST /products',
    'POST /skus',
    'POST /skus/barcodes',
    'POST /skus/{skuId}/barcodes/remove',
  ],
  'shops:read': [
    'GET /channels',
    'GET /listings',
    'GET /listings/{listingId}',
    'GET /shops',
    'GET /shops/{shopId}',
    'GET /shops/{shopId}/deliveries',
    'GET /shops/{shopId}/deliveries/{messageId}',
    'GET /shops/{shopId}/locations',
  ],
  'shops:write': [
    'DELETE /shops/{shopId}',
    'PATCH /shops/{shopId}',
    'POST /listings/accept',
    'POST /listings/map',
    'POST /listings/unmap',
    'POST /shops',
    'POST /shops/check',
    'POST /shops/{shopId}/deliveries/resend',
    'POST /shops/{shopId}/pause',
    'POST /shops/{shopId}/polls',
    'POST /shops/{shopId}/resume',
    'POST /shops/{shopId}/secret/rotate',
    'PUT /shops/{shopId}/locations',
  ],
  'stock:read': [
    'GET /listings/{listingId}/explanation',
    'GET /stock/levels',
    'GET /stock/moves',
    'GET /stock/promises',
    'GET /warehouses',
  ],
  'stock:write': [
    'POST /returns/{returnId}/decisions',
    'POST /stock/adjustments',
    'POST /stock/receipts',
    'POST /warehouses',
    'PUT /shops/{shopId}/warehouses',
  ],
  'orders:read': [
    'GET /exceptions',
    'GET /inbox',
    'GET /inbox/{eventId}',
    'GET /orders',
    'GET /orders/{orderId}',
    'GET /orders/{orderId}/channel',
    'GET /orders/{orderId}/explanation',
    'GET /returns',
    'GET /returns/{returnId}',
  ],
  'orders:write': [
    'DELETE /orders/{orderId}/holds/{kind}',
    'POST /inbox/reads',
    'POST /inbox/replay',
    'POST /orders/holds',
    'POST /orders/holds/release',
    'POST /orders/{orderId}/cancel',
    'POST /orders/{orderId}/holds',
    'POST /orders/{orderId}/refunds',
    'POST /returns',
    'POST /returns/{returnId}/refunds',
    'POST /returns/{returnId}/withdraw',
  ],
  'orders:push': ['POST /shops/{shopId}/listings', 'POST /shops/{shopId}/orders'],
  'shipments:read': ['GET /shipments', 'GET /shipments/{shipmentId}'],
  'shipments:write': [
    'POST /shipments/advance',
    'POST /shipments/merge',
    'POST /shipments/ship-out',
    'POST /shipments/{shipmentId}/ship-out',
    'POST /shipments/{shipmentId}/split',
    'PUT /shipments/{shipmentId}/tracking',
  ],
  'invoices:read': [
    'GET /invoice-requests',
    'GET /invoices',
    'GET /invoices/{invoiceId}',
    'GET /invoices/{invoiceId}/pdf',
    'GET /invoicing/settings',
  ],
  'invoices:write': [
    'PATCH /invoicing/rule',
    'PATCH /invoicing/rules/{shopId}',
    'POST /invoice-requests/{requestId}/retry',
    'POST /invoicing/series',
    'POST /invoicing/series/{seriesId}/confirm',
    'POST /orders/{orderId}/invoices',
    'PUT /invoicing/seller',
  ],
  'audit:read': ['GET /audit/report', 'GET /audit/seals', 'GET /doctor', 'GET /lanes', 'GET /recovery'],
  'tokens:write': ['DELETE /tokens/{tokenId}', 'GET /tokens', 'POST /tokens'],
};

const database = useDatabase();
const nobody = '01936e9e-0000-7000-8000-0000000000ff';
const asked = { requests: 0, denied: 0, letIn: 0 };
let app: ReturnType<typeof openFace>;
let operations: readonly Operation[];

beforeAll(async () => {
  app = openFace(paperDeps(database), database.url);
  ({ operations } = await readOperations(app));
});

afterAll(() =>
  tellFigure(
    'every route × no token, a bad one, one without scopes, each other scope, its own',
    `${operations.length} routes, ${asked.requests} requests: ${asked.denied} denied, ${asked.letIn} let in`,
  ),
);

async function ask({ method, path }: Operation, token: string | null): Promise<string> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const answer = await app.request(path.replaceAll(/\{[^}]+\}/g, nobody), { method, headers });
  const text = await answer.text();
  const code = answer.ok ? '' : (JSON.parse(text) as { code: string }).code;
  asked.requests += 1;
  const isDenied = answer.status === 401 || answer.status === 403;
  if (isDenied) asked.denied += 1;
  else asked.letIn += 1;
  return isDenied ? `${answer.status} ${code}` : 'let in';
}

test('every route is opened by exactly the scope that is written down for it', () => {
  expect(routesWithoutScope(app)).toEqual([]);
  const declared = Object.fromEntries(Object.keys(scopes).map((name) => [name, [] as string[]]));
  for (const { scope, method, path } of operations) declared[scope]?.push(`${method} ${path.replace('/api/v1', '')}`);
  for (const routes of Object.values(declared)) routes.sort();
  expect(declared).toEqual(opened);
  expect(operations).toHaveLength(Object.values(opened).flat().length);
});

test('nobody passes without a token, with one that is unknown, or with one that opens nothing', async () => {
  const passed: string[] = [];
  for (const operation of operations) {
    const answers = [await ask(operation, null), await ask(operation, 'unknown'), await ask(operation, tokenOf())];
    const expected = ['401 auth.required', '401 auth.bad_token', '403 auth.scope_missing'];
    if (answers.join() !== expected.join()) passed.push(`${operation.name}: ${answers.join()}`);
  }
  expect(passed).toEqual([]);
});

test('no route is opened by another scope than its own, nor by all the others together', async () => {
  const passed: string[] = [];
  for (const operation of operations) {
    const others = Object.keys(scopes).filter((scope) => scope !== operation.scope);
    for (const held of [...others.map((scope) => [scope]), others]) {
      const answer = await ask(operation, tokenOf(...held));
      if (answer !== '403 auth.scope_missing') passed.push(`${operation.name} by ${held.join('+')}: ${answer}`);
    }
  }
  expect(passed).toEqual([]);
});

test('each route is opened by its own scope alone, and by all of them', async () => {
  const shut: string[] = [];
  for (const operation of operations) {
    for (const token of [tokenOf(operation.scope), tokenOf('*')]) {
      const answer = await ask(operation, token);
      if (answer !== 'let in') shut.push(`${operation.name}: ${answer}`);
    }
  }
  expect(shut).toEqual([]);
});
