import type { OpenAPIHono } from '@hono/zod-openapi';
import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { soldLine, soldOrder } from '../../test/support/factories/channel-order.ts';
import { openInvoicingWorld, someSeller, type InvoicingWorld } from '../../test/support/factories/invoicing-world.ts';
import { quietLog } from '../../test/support/quiet-log.ts';
import { newId } from '../kernel/index.ts';
import type { Actor, AnyDb } from '../platform/db/index.ts';
import { createApp, routesWithoutScope, type AppEnv } from '../platform/http/index.ts';
import { hasDueRequests } from './locks.ts';
import {
  getInvoice,
  invoiceRoutes,
  invoicesMarker,
  invoicingSettingsRoutes,
  listInvoices,
  listInvoicesOfOrder,
  listRequests,
  listRules,
  listSeries,
  lockAllSeries,
  readSeller,
} from './index.ts';

const database = useDatabase({ markers: [invoicesMarker] });
let world: InvoicingWorld;
let app: OpenAPIHono<AppEnv>;

beforeAll(async () => {
  world = await openInvoicingWorld(database, { at: 'payment', language: 'zh-CN' });
  const authenticate = async (token: string): Promise<Actor> => ({
    kind: 'token',
    id: newId(),
    name: token,
    scopes: token.split(','),
  });
  app = createApp({ database, log: quietLog, authenticate });
  app.route('/api/v1', invoiceRoutes(world.deps));
  app.route('/api/v1', invoicingSettingsRoutes());
});

type Body = Record<string, never> & { items: Record<string, never>[] };

function send(method: string, path: string, body?: unknown, scopes = '*'): Promise<Response> {
  return Promise.resolve(
    app.request(`/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${scopes}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
}

async function call(...words: Parameters<typeof send>): Promise<{ status: number; body: Body }> {
  const answer = await send(...words);
  return { status: answer.status, body: (await answer.json()) as Body };
}

test('every route declares its scope; without it nothing is shown or done', async () => {
  expect(routesWithoutScope(app)).toEqual([]);
  expect((await call('GET', '/invoices', undefined, 'orders:read')).status).toBe(403);
  expect((await call('PUT', '/invoicing/seller', someSeller, 'invoices:read')).status).toBe(403);
  expect((await call('GET', '/invoicing/settings', undefined, 'invoices:read')).status).toBe(200);
});

describe('settings', () => {
  test('name the seller, the rule of the company, what a shop does otherwise, and the series', async () => {
    const { body } = await call('GET', '/invoicing/settings');
    expect(body).toMatchObject({
      seller: someSeller,
      company: { at: 'never', language: 'en', invoiceSeries: 'INV', creditSeries: 'CN' },
      shops: [{ shopId: world.shopId, at: 'payment', language: 'zh-CN', invoiceSeries: null }],
      series: [
        { code: 'CN', state: 'open' },
        { code: 'INV', state: 'open' },
      ],
    });
  });

  test('are changed word by word; null takes a shop back; the company keeps a rule', async () => {
    const made = { code: 'S2', format: 'S2-{year}-{number:4}', startAt: 9 };
    expect((await call('POST', '/invoicing/series', made)).status).toBe(201);
    expect((await call('POST', '/invoicing/series', made)).body).toMatchObject({ code: 'invoice_series.exists' });
    const path = `/invoicing/rules/${world.shopId}`;
    const changed = await call('PATCH', path, { invoiceSeries: 'S2', language: 'both' });
    expect(changed.body).toMatchObject({ shops: [{ at: 'payment', language: 'both', invoiceSeries: 'S2' }] });
    const back = await call('PATCH', path, { invoiceSeries: null, language: null });
    expect(back.body).toMatchObject({ shops: [{ at: 'payment', language: null, invoiceSeries: null }] });
    expect((await call('PATCH', path, { invoiceSeries: 'NONE' })).body).toMatchObject({
      code: 'invoice_series.unknown',
    });
    expect((await call('PATCH', '/invoicing/rule', { language: null })).status).toBe(400);
    await call('PATCH', path, { language: 'zh-CN' });
  });
});

describe('an invoice', () => {
  test('is asked for, listed, read and printed; another reader finds the Chinese in it', async () => {
    await world.takeIn([
      soldOrder('api', { paymentState: 'unpaid', paidAt: null, lines: [soldLine('l', { title: '瓷杯𠮷' })] }),
    ]);
    const { orderId } = await world.read('api');
    const asked = await call('POST', `/orders/${orderId}/invoices`, {});
    expect(asked).toMatchObject({ status: 202, body: { state: 'due', number: null } });
    await world.number();
    const { body } = await call('GET', `/invoices?orderId=${orderId}`);
    expect(body.items).toMatchObject([{ kind: 'invoice', totalMinor: 1_000, creditedMinor: 0 }]);
    const id = String(body.items[0]?.['invoiceId']);
    const { body: detail } = await call('GET', `/invoices/${id}`);
    expect(detail).toMatchObject({ content: { language: 'zh-CN', lines: [{ title: '瓷杯𠮷' }] } });
    expect(JSON.stringify(detail)).not.toContain('Lovelace');
    const printed = await send('GET', `/invoices/${id}/pdf`);
    expect(printed.headers.get('content-type')).toBe('application/pdf');
    expect(printed.headers.get('wharf-missing-characters')).toBe('U+20BB7');
    expect(
      Buffer.from(await printed.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    expect((await call('GET', `/invoices/${newId()}`)).body).toMatchObject({ code: 'invoice.unknown' });
    const requests = await call('GET', `/invoice-requests?orderId=${orderId}`);
    expect(requests.body.items).toMatchObject([{ state: 'numbered', source: 'manual', cause: null }]);
    const [request] = requests.body.items;
    expect((await call('POST', `/invoice-requests/${String(request?.['requestId'])}/retry`, {})).body).toMatchObject({
      code: 'invoice_request.not_parked',
    });
  }, 60_000);

  test('waits while its series is locked, until the last number is entered', async () => {
    await database.run((ctx) => lockAllSeries(ctx));
    const series = await database.read(listSeries);
    expect(series.every((each) => each.state === 'locked')).toBe(true);
    for (const { seriesId, lastSerial } of series) {
      const path = `/invoicing/series/${seriesId}/confirm`;
      expect((await call('POST', path, { lastNumber: lastSerial })).body).toMatchObject({ lostNumbers: 0 });
      expect((await call('POST', path, { lastNumber: lastSerial })).body).toMatchObject({
        code: 'invoice_series.not_locked',
      });
    }
  });
});

test('all reads are the same on both drivers', async () => {
  const { orderId } = await world.read('api');
  const page = { after: null, limit: 10 };
  const [issued] = await world.invoicesOf('api');
  if (issued === undefined) throw new Error('no invoice');
  const reads: ((db: AnyDb) => Promise<unknown>)[] = [
    (db) => listInvoices(db, page, { from: '2020-01-01', shopId: world.shopId }),
    (db) => listInvoicesOfOrder(db, orderId),
    (db) => getInvoice(db, { number: issued.number }),
    (db) => listRequests(db, page, { state: 'numbered' }),
    listRules,
    listSeries,
    readSeller,
    hasDueRequests,
  ];
  for (const read of reads) {
    const written = await database.run((ctx) => read(ctx.tx));
    expect(await database.read(read)).toEqual(written);
  }
});
