import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { loadEnv } from '../../config/env.ts';
import { createStore, serveStore, storeSettings, type FakeStore } from '../../connectors/custom/fake/index.ts';
import type { ToldOrder } from '../../src/connector-kit/index.ts';
import { createToken } from '../../src/identity/index.ts';
import { openHub, type Hub } from '../../src/main/hub.ts';
import { serveHub } from '../../src/main/serve.ts';
import { createLog } from '../../src/platform/log/index.ts';
import type { Worker } from '../../src/platform/queue/index.ts';
import { apiClient, type ApiClient } from '../support/api-client.ts';
import { createTestDatabase, systemActor, type TestDatabase } from '../support/database.ts';
import { dumpText } from '../support/dump-text.ts';
import { tellFigure } from '../support/figures.ts';
import { watchRedis } from '../support/queue-faults.ts';

/** Words that occur nowhere else in the world: where one is found, it came from the message, the settings or the token. */
const person = {
  name: 'Kanaria Vogelsang',
  phone: '+49 177 8675309',
  email: 'kanaria.vogelsang@canary.example',
  street: 'Zwitscherallee 77',
  note: 'bitte bei Familie Piepmatz abgeben',
};
const storeSecret = `whsec_${Buffer.from('canary in the coal mine, 32 bytes').toString('base64')}`;
const wrongSecret = `whsec_${Buffer.from('another canary, of another colour').toString('base64')}`;

/** Digits and letters are looked for as they would be written elsewhere too: without spaces, or in another encoding. */
function writings(canary: string): string[] {
  const bytes = Buffer.from(canary);
  return [
    canary,
    canary.replaceAll(' ', ''),
    encodeURIComponent(canary),
    bytes.toString('base64'),
    bytes.toString('hex'),
  ];
}

/** Where which canary was found, and how it was written. */
function hitsIn(place: string, texts: readonly string[], canaries: readonly string[]): string[] {
  return canaries.flatMap((canary) =>
    writings(canary).flatMap((writing) =>
      texts.filter((text) => text.includes(writing)).map((text) => `${place}: ${writing} in ${text.slice(0, 120)}`),
    ),
  );
}

const varDir = mkdtempSync(join(tmpdir(), 'wharf-canaries-'));
const lines: string[] = [];
const answers: string[] = [];
const jobs: string[] = [];
let database: TestDatabase;
let hub: Hub;
let worker: Worker;
let served: { origin: string; close(): Promise<void> };
let store: FakeStore;
let endpoint: { origin: string; close(): Promise<void> };
let redis: Awaited<ReturnType<typeof watchRedis>> | null = null;
let api: ApiClient;
let token: string;
let shop: { shopId: string; webhookPath: string };
let shipmentId: string;

beforeAll(async () => {
  store = createStore({ secret: storeSecret });
  endpoint = await serveStore(store);
  database = await createTestDatabase();
  const { redisUrl } = inject('servers');
  const env = loadEnv({
    WHARF_VAR_DIR: varDir,
    WHARF_MASTER_KEY: randomBytes(32).toString('base64'),
    WHARF_PRIVATE_ORIGINS: endpoint.origin,
    REDIS_URL: redisUrl ?? '',
  });
  if (redisUrl !== null) redis = await watchRedis(redisUrl);
  const log = createLog({ level: 'debug', pretty: false, write: (line) => void lines.push(line) });
  hub = await openHub({ env, log, databaseUrl: database.url, readUrl: database.readUrl });
  served = await serveHub(hub, { host: '127.0.0.1', port: 0 });
  worker = await hub.work({ sweepIntervalMs: 200, publicOrigin: served.origin });
  const made = await hub.deps.database.transact({ actor: systemActor }, (ctx) =>
    createToken(ctx, { name: 'canary', scopes: ['*'], expiresAt: null }),
  );
  ({ token } = made);
  api = apiClient(served.origin, token);
});

afterAll(async () => {
  redis?.close();
  await served?.close();
  await hub?.close();
  await endpoint?.close();
  await database?.close();
  rmSync(varDir, { recursive: true, force: true });
});

function orderOf(externalId: string, change: Partial<ToldOrder> = {}): ToldOrder {
  return {
    externalId,
    number: `C-${externalId}`,
    placedAt: new Date().toISOString(),
    currency: 'EUR',
    pricesIncludeTax: true,
    totalMinor: 1_000,
    lines: [{ externalId: '1', listingExternalId: 'mug', title: 'Mug', quantity: 1, amountMinor: 1_000 }],
    paymentState: 'paid',
    buyerNote: person.note,
    receiver: {
      address: {
        name: person.name,
        phone: person.phone,
        email: person.email,
        lines: [person.street],
        city: 'Hamburg',
        postalCode: '20457',
        countryCode: 'DE',
      },
    },
    ...change,
  };
}

/** Waits for something, sweeping meanwhile; keeps what jobs look like while they wait. */
async function until<Result>(what: string, look: () => Promise<Result | null | undefined | false>): Promise<Result> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited a minute for ${what}`);
    for (const { text } of await dumpText(database.url, ['bullmq'])) jobs.push(text);
    await worker.sweep();
    await hub.deps.clock.sleep(50);
  }
}

/** A call that is refused: its status, and its answer is kept. */
async function refused(path: string, init: RequestInit, kept = answers): Promise<number> {
  const response = await fetch(`${served.origin}${path}`, init);
  kept.push(JSON.stringify([...response.headers]), await response.text());
  return response.status;
}

const postOf = (body: unknown, bearer = token): RequestInit => ({
  method: 'POST',
  headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const receipts = (type: string, outcome: string) =>
  store.state.receipts.filter((receipt) => receipt.type === type && receipt.outcome === outcome).length;

describe('a canary in every message', () => {
  it('comes in with the settings, a webhook and the API, and goes out with parcels and numbers', async () => {
    const products = [{ title: 'Mug', skus: [{ code: 'MUG', title: 'Mug', weightG: null, barcodes: [] }] }];
    const made = await api.post<{ products: { skus: { skuId: string }[] }[] }>('/products', { products });
    const skuId = made.products[0]?.skus[0]?.skuId ?? '';
    const place = { code: 'W1', name: 'W1', countryCode: 'DE', timeZone: 'Europe/Berlin' };
    const { warehouseId } = await api.post<{ warehouseId: string }>('/warehouses', place);
    const receipt = { skuId, warehouseId, quantity: 50, unitCost: null, costCurrency: null, lotId: null, note: null };
    await api.post('/stock/receipts', { receipts: [receipt] });
    shop = await api.post('/shops', { channel: 'custom', settings: storeSettings(store, endpoint.origin) });
    await api.put(`/shops/${shop.shopId}/warehouses`, { warehouses: [{ warehouseId, rank: 0 }] });
    store.list({ externalId: 'mug', sku: 'MUG', title: 'Mug' });
    store.placeOrder(orderOf('1'));
    expect(await store.outbox.flush(`${served.origin}${shop.webhookPath}`)).toEqual([202, 202]);
    await api.post('/listings/accept', { shopId: shop.shopId, listingIds: 'all' });
    await api.post(
      `/shops/${shop.shopId}/orders`,
      { orders: [store.placeOrder(orderOf('2'))] },
      { 'idempotency-key': 'canary' },
    );
    const { version } = await api.get<{ version: number }>(`/shops/${shop.shopId}`);
    await api.patch(`/shops/${shop.shopId}`, { pushesStock: true }, { 'if-match': `"${version}"` });
    const parcels = await until('two parcels', async () => {
      const { items } = await api.get<{ items: { shipmentId: string }[] }>('/shipments?limit=10');
      return items.length === 2 && items;
    });
    shipmentId = parcels[0]?.shipmentId ?? '';
    const tracking = { carrier: 'DHL', trackingNumber: 'T-1', trackingUrl: null, service: null };
    await api.post('/shipments/ship-out', { shipments: [{ shipmentId, ...tracking }] });
    await until('the parcel in the store', async () => receipts('shipment.shipped', 'applied') === 1);
    await until('the number in the store', async () => receipts('stock.updated', 'applied') > 0);
  });

  it('is refused wherever it does not belong', async () => {
    const hook = `${shop.webhookPath}`;
    const signed = (body: string, secret?: string): RequestInit => ({
      method: 'POST',
      headers: store.outbox.headers({ id: `msg_${body.length}`, body }, secret === undefined ? {} : { secret }),
      body,
    });
    const told = (data: unknown): string =>
      JSON.stringify({ type: 'order.created', timestamp: new Date().toISOString(), data });
    expect(await refused(hook, signed(told(orderOf('3')), wrongSecret))).toBe(401);
    expect(await refused(hook, signed(`{"half": "${person.name}`))).toBe(202);
    expect(await refused(hook, signed(told({ ...orderOf('4'), paymentState: person.name })))).toBe(202);
    expect(await refused(hook, signed(told({ ...orderOf('5'), [person.email]: person.phone })))).toBe(202);
    expect(await refused('/api/v1/orders', { headers: { authorization: `Bearer ${wrongSecret}` } })).toBe(401);
    const path = `/api/v1/shops/${shop.shopId}/orders`;
    expect(await refused(path, postOf({ orders: [{ ...orderOf('6'), currency: person.name }] }))).toBe(400);
    expect(await refused(path, postOf(`{"orders": [${person.email}`))).toBe(400);
    const settings = { ...storeSettings(store, endpoint.origin), signingSecret: wrongSecret };
    expect(await refused('/api/v1/shops', postOf({ channel: 'custom', settings }))).toBe(400);
    expect(await refused(`/api/v1/orders/${encodeURIComponent(person.name)}`, postOf({}))).toBeGreaterThanOrEqual(400);
    expect(await refused(`/nowhere/${encodeURIComponent(person.email)}`, {})).toBe(404);
    await until('what was told wrongly, parked', async () => {
      const parked = await api.all<{ state: string }>(`/inbox?shopId=${shop.shopId}&state=parked`);
      return parked.length === 3;
    });
  });

  it('is there while the store fails in every way', async () => {
    for (const status of [500, 429, 401, 503]) {
      const before = store.state.receipts.length;
      store.faults.status = status;
      store.placeOrder(orderOf(`failing-${status}`));
      await store.outbox.flush(`${served.origin}${shop.webhookPath}`);
      await api.post(`/shops/${shop.shopId}/resume`, {}).catch(() => undefined);
      await until(`an answer of ${status}`, async () => store.state.receipts.length > before);
    }
    store.faults.status = null;
  });

  it('is found in no log line, job, answer, metric, exception or delivery, and in the database only where it is sealed', async () => {
    const metrics = await (await fetch(`${served.origin}/metrics`)).text();
    const lists = [
      '/exceptions?limit=200',
      `/shops/${shop.shopId}`,
      `/shops/${shop.shopId}/deliveries?limit=200`,
      '/inbox?limit=200',
    ];
    const shown = await Promise.all(lists.map(async (path) => JSON.stringify(await api.get(path))));
    const stored = await dumpText(database.url, ['public', 'bullmq']);
    expect(lines.length).toBeGreaterThan(20);
    expect(shown.join('')).toContain('stock.updated');
    expect(stored.length).toBeGreaterThan(100);
    const secrets = [storeSecret, storeSecret.slice('whsec_'.length), wrongSecret, token];
    const places: readonly (readonly [place: string, texts: readonly string[], canaries: readonly string[]])[] = [
      ['log', lines, [...secrets, ...Object.values(person)]],
      ['jobs', [...jobs, ...(redis?.commands ?? [])], [...secrets, ...Object.values(person)]],
      ['answers', answers, [...secrets, ...Object.values(person)]],
      ['metrics', [metrics], [...secrets, ...Object.values(person)]],
      ['lists', shown, [...secrets, ...Object.values(person)]],
      [
        'deliveries',
        stored.filter(({ table }) => table.includes('deliver')).map(({ text }) => text),
        Object.values(person),
      ],
      // The order desk shows the buyer's note: it is a column of the order, and of its history.
      [
        'database',
        stored.map(({ text }) => text),
        [...secrets, ...Object.values(person).filter((each) => each !== person.note)],
      ],
    ];
    const hits = places.flatMap(([place, texts, canaries]) => hitsIn(place, texts, canaries));
    expect(hits).toEqual([]);
    const looked = `${lines.length} log lines, ${jobs.length} looks at jobs, ${answers.length} parts of answers, ${stored.length} rows`;
    await tellFigure('canary secrets and personal data', `0 hits in ${looked}, metrics, exceptions, delivery log`);
  });

  it('would be found: the note stands in its order, and one that is written anywhere is a hit', async () => {
    const stored = await dumpText(database.url, ['public']);
    const orders = stored.filter(({ table }) => table === 'public.orders').map(({ text }) => text);
    expect(hitsIn('database', orders, [person.note]).length).toBeGreaterThan(0);
    const planted = [
      `{"to":"${person.name}"}`,
      `tel=${person.phone.replaceAll(' ', '')}`,
      Buffer.from(storeSecret).toString('hex'),
    ];
    for (const line of planted) {
      expect(hitsIn('log', [...lines, line], [storeSecret, ...Object.values(person)])).toHaveLength(1);
    }
    expect(jobs.length + (redis?.commands.length ?? 0)).toBeGreaterThan(0);
  });
});
