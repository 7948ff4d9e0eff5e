import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStore, serveStore, storeSettings, type FakeStore } from '../../connectors/custom/fake/index.ts';
import type { ToldOrder } from '../../src/connector-kit/index.ts';
import { createToken } from '../../src/identity/index.ts';
import { parseId } from '../../src/kernel/index.ts';
import { listExceptions } from '../../src/platform/exceptions/index.ts';
import { apiClient, type ApiClient } from '../support/api-client.ts';
import { openStory, waitFor, type Story } from '../support/story.ts';

type Attempt = { messageId: string; type: string; attempt: number; status: number | null; error: string | null };
type Parcel = { shipmentId: string; orders: { orderId: string }[] };

let story: Story;
let store: FakeStore;
let served: { origin: string; close(): Promise<void> };
let api: ApiClient;
let hook: string;
let shopId: string;
let warehouseId: string;
const skuIds = new Map<string, string>();
const codes = ['MUG', 'TEE', 'BAG'];

beforeAll(async () => {
  store = createStore();
  served = await serveStore(store);
  story = await openStory({ privateOrigins: [served.origin] });
  const { token } = await story.run((ctx) => createToken(ctx, { name: 'story', scopes: ['*'], expiresAt: null }));
  api = apiClient(story.served.origin, token);
  for (const code of codes) {
    const made = await api.post<{ products: { skus: { skuId: string }[] }[] }>('/products', {
      products: [{ title: code, skus: [{ code, title: code, weightG: null, barcodes: [] }] }],
    });
    skuIds.set(code, made.products[0]?.skus[0]?.skuId ?? '');
  }
  const warehouse = { code: 'BERLIN', name: 'Berlin', countryCode: 'DE', timeZone: 'Europe/Berlin' };
  ({ warehouseId } = await api.post<{ warehouseId: string }>('/warehouses', warehouse));
  for (const code of codes) await receive(code, 50);
});

afterAll(async () => {
  await story?.close();
  await served?.close();
});

function receive(code: string, quantity: number): Promise<unknown> {
  const receipt = { skuId: skuIds.get(code), warehouseId, quantity };
  return api.post('/stock/receipts', {
    receipts: [{ ...receipt, unitCost: null, costCurrency: null, lotId: null, note: null }],
  });
}

function orderOf(externalId: string, code: string, quantity = 1): ToldOrder {
  const line = { externalId: '1', listingExternalId: code.toLowerCase(), title: code, quantity };
  return {
    externalId,
    number: `W-${externalId}`,
    placedAt: new Date().toISOString(),
    currency: 'EUR',
    pricesIncludeTax: true,
    totalMinor: 1_000 * quantity,
    lines: [{ ...line, amountMinor: 1_000 * quantity }],
    paymentState: 'paid',
    receiver: {
      address: { name: 'Ada', lines: ['Teststraße 1'], city: 'Berlin', postalCode: '10115', countryCode: 'DE' },
    },
  };
}

const until = <Result>(
  what: string,
  look: () => Result | null | undefined | false | Promise<Result | null | undefined | false>,
) => waitFor(story, what, async () => look());

const shown = (code: string): number | undefined => store.state.stock.get(code.toLowerCase())?.quantity;

const untilShown = (code: string, quantity: number) =>
  until(`${quantity} of ${code} in the store`, () => shown(code) === quantity);

const deliveries = (query = '') => api.all<Attempt>(`/shops/${shopId}/deliveries${query}`);

async function findOrder(externalId: string) {
  const { items } = await api.get<{ items: { orderId: string; externalId: string; cancelledAt: string | null }[] }>(
    `/orders?shopId=${shopId}&limit=200`,
  );
  return items.find((order) => order.externalId === externalId) ?? null;
}

async function shipOut(externalId: string, trackingNumber: string): Promise<void> {
  const order = await until(`order ${externalId}`, () => findOrder(externalId));
  const { shipmentId } = await until(`a parcel of ${externalId}`, async () => {
    const { items } = await api.get<{ items: Parcel[] }>(`/shipments?orderId=${order.orderId}`);
    return items[0];
  });
  const tracking = { carrier: 'DHL', trackingNumber, trackingUrl: null, service: null };
  await api.post('/shipments/ship-out', { shipments: [{ shipmentId, ...tracking }] });
}

const exceptionKinds = async (): Promise<string[]> => {
  const { items } = await story.database.read((db) =>
    listExceptions(db, { after: null, limit: 50 }, { state: 'open' }),
  );
  return items.map(({ kind }) => kind);
};

const receiptsOf = (type: string) => store.state.receipts.filter((receipt) => receipt.type === type);

describe('a store of the seller’s own', () => {
  it('is connected by a ping, refused with a wrong secret, and tells what it sells', async () => {
    const settings = storeSettings(store, served.origin);
    const wrong = { ...settings, signingSecret: `whsec_${Buffer.alloc(32, 1).toString('base64')}` };
    const refused = await api.send('POST', '/shops', { channel: 'custom', settings: wrong });
    expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'shop.credentials_refused' }]);
    const connected = await api.post<{ shopId: string; webhookPath: string }>('/shops', {
      channel: 'custom',
      settings,
    });
    ({ shopId } = connected);
    hook = `${story.served.origin}${connected.webhookPath}`;
    await api.put(`/shops/${shopId}/warehouses`, { warehouses: [{ warehouseId, rank: 0 }] });
    for (const code of ['MUG', 'TEE']) store.list({ externalId: code.toLowerCase(), sku: code, title: code });
    expect(await store.outbox.flush(hook)).toEqual([202, 202]);
    const listing = { externalId: 'bag', sku: 'BAG', title: 'Bag' };
    expect(await api.post(`/shops/${shopId}/listings`, { listings: [listing] })).toMatchObject({ created: 1 });
    await api.post('/listings/accept', { shopId, listingIds: 'all' });
    const { version } = await api.get<{ version: number }>(`/shops/${shopId}`);
    await api.patch(`/shops/${shopId}`, { pushesStock: true }, { 'if-match': `"${version}"` });
    for (const code of codes) await untilShown(code, 50);
    expect(receiptsOf('stock.updated')).toMatchObject([{ outcome: 'applied' }]);
  });

  it('sells by webhook and through the API, each order once', async () => {
    store.placeOrder(orderOf('1', 'MUG', 2));
    await store.outbox.flush(hook);
    const body = { orders: [store.placeOrder(orderOf('2', 'TEE', 3)), store.placeOrder(orderOf('3', 'BAG'))] };
    const key = { 'idempotency-key': 'two-orders' };
    expect(await api.post(`/shops/${shopId}/orders`, body, key)).toEqual({ stored: 2, unchanged: 0 });
    const again = await api.send('POST', `/shops/${shopId}/orders`, body, key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    expect(await api.post(`/shops/${shopId}/orders`, body)).toEqual({ stored: 0, unchanged: 2 });
    expect(await store.outbox.flush(hook)).toEqual([202, 202]);
    await untilShown('MUG', 48);
    await untilShown('TEE', 47);
    await untilShown('BAG', 49);
  });

  it('is told by field what is wrong with an order, and nothing of that call is kept', async () => {
    const [line] = orderOf('5', 'MUG').lines;
    const bad = { ...orderOf('5', 'MUG'), currency: 'EURO', lines: [{ ...line, quantity: -1 }] };
    const refused = await api.send('POST', `/shops/${shopId}/orders`, { orders: [orderOf('4', 'MUG'), bad] });
    const problem = (await refused.json()) as { fields: { path: string }[] };
    expect(refused.status).toBe(400);
    expect(problem.fields.map(({ path }) => path)).toEqual(['orders.1.currency', 'orders.1.lines.0.quantity']);
    const twice = { ...orderOf('5', 'MUG'), lines: [line, line] };
    const repeated = await api.send('POST', `/shops/${shopId}/orders`, { orders: [orderOf('4', 'MUG'), twice] });
    expect(await repeated.json()).toMatchObject({ fields: [{ path: 'orders.1.lines.1.externalId' }] });
    const inbox = await api.all<{ externalId: string | null }>(`/inbox?shopId=${shopId}`);
    expect(inbox.filter(({ externalId }) => externalId === '4' || externalId === '5')).toEqual([]);
  });

  it('cancels before its order arrives, and an order that is known, by a notice alone', async () => {
    store.placeOrder(orderOf('6', 'MUG', 5));
    store.cancelOrder('6', 'changed my mind');
    expect(await store.outbox.flush(hook, (waiting) => waiting.toReversed())).toEqual([202, 202]);
    const cancelled = await until('order 6, cancelled', async () => (await findOrder('6'))?.cancelledAt);
    expect(cancelled).not.toBeNull();
    store.placeOrder(orderOf('7', 'MUG', 5));
    await store.outbox.flush(hook);
    await untilShown('MUG', 43);
    store.cancelOrder('7', 'out of money');
    await store.outbox.flush(hook);
    await untilShown('MUG', 48);
  });

  it('keeps what is signed and cannot be read, and keeps nothing that is not signed', async () => {
    const body = '{"type":"order.created","timestamp":"2026-11-20T10:00:00Z","data":{"externalId":"8"}}';
    const post = (headers: Headers) => fetch(hook, { method: 'POST', headers, body });
    expect((await post(store.outbox.headers({ id: 'msg_8', body }, { secret: 'whsec_AAAA' }))).status).toBe(401);
    expect((await post(store.outbox.headers({ id: 'msg_8', body }))).status).toBe(202);
    const parked = await until('the parked message', async () => {
      const events = await api.all<{ state: string; externalId: string; cause: unknown }>(`/inbox?shopId=${shopId}`);
      return events.find((event) => event.externalId === '8' && event.state === 'parked');
    });
    expect(JSON.stringify(parked.cause)).toMatch(/inbox.not_an_order.*placedAt/);
  });

  it('is told a parcel once, though the first answer is lost', async () => {
    store.faults.loseAnswers = 1;
    await shipOut('1', 'T-1');
    await until('the lost answer', () => receiptsOf('shipment.shipped').length === 1);
    const [lost] = await until('the log', async () => {
      const attempts = await deliveries('?type=shipment.shipped');
      return attempts.length > 0 ? attempts : null;
    });
    expect(lost).toMatchObject({ attempt: 1, status: 504, error: 'outcome_unknown' });
    await api.post(`/shops/${shopId}/deliveries/resend`, { messageId: lost?.messageId });
    await until('the repeat', () => receiptsOf('shipment.shipped').length === 2);
    expect(receiptsOf('shipment.shipped').map(({ outcome }) => outcome)).toEqual(['applied', 'repeated']);
    expect(store.order('1').packages).toMatchObject([{ trackingNumber: 'T-1' }]);
    await store.outbox.flush(hook);
  });

  it('is down for a while: nothing is lost, and each number goes out as it is by then', async () => {
    store.faults.status = 503;
    await shipOut('2', 'T-2');
    await receive('TEE', 10);
    await until('a failed parcel and a failed number', async () => {
      const types = (await deliveries('?state=failed')).map(({ type }) => type);
      return types.includes('stock.updated') && types.filter((type) => type === 'shipment.shipped').length >= 2;
    });
    await receive('TEE', 5);
    store.faults.status = null;
    await api.post(`/shops/${shopId}/deliveries/resend`, { failedSince: new Date(Date.now() - 60_000).toISOString() });
    await untilShown('TEE', 62);
    await until('the parcel', () => store.order('2').packages.length === 1);
    await store.outbox.flush(hook);
    const told = receiptsOf('stock.updated').filter(({ outcome }) => outcome === 'applied');
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
  });

  it('trips over one number, and takes all others', async () => {
    store.faults.poison = new Set(['mug']);
    await Promise.all(codes.map((code) => receive(code, 1)));
    await untilShown('TEE', 63);
    await untilShown('BAG', 50);
    expect(shown('MUG')).toBe(48);
    store.faults.poison = new Set();
    const failed = (await deliveries('?state=failed&type=stock.updated')).find(({ status }) => status === 422);
    await api.post(`/shops/${shopId}/deliveries/resend`, { messageId: failed?.messageId });
    await untilShown('MUG', 49);
  });

  it('wants nothing more: the shop is paused and says so; one command lets it go on', async () => {
    store.faults.status = 410;
    await receive('MUG', 1);
    await until('the pause', async () => (await api.get<{ state: string }>(`/shops/${shopId}`)).state === 'paused');
    expect(await exceptionKinds()).toContain('shop.gone');
    store.faults.status = null;
    await receive('MUG', 1);
    expect(shown('MUG')).toBe(49);
    await api.post(`/shops/${shopId}/resume`, {});
    await untilShown('MUG', 51);
    expect(await exceptionKinds()).not.toContain('shop.gone');
  });

  it('changes its secret without a gap, and the old one ends', async () => {
    const rotate = (overlapHours: number) =>
      api.post<{ secret: string }>(`/shops/${shopId}/secret/rotate`, { overlapHours });
    const { secret } = await rotate(1);
    await receive('MUG', 1);
    await untilShown('MUG', 52);
    store.placeOrder(orderOf('9', 'BAG'));
    expect(await store.outbox.flush(hook)).toEqual([202]);
    store.secrets = [secret];
    await receive('MUG', 1);
    await untilShown('MUG', 53);
    const { secret: last } = await rotate(0);
    store.placeOrder(orderOf('10', 'BAG'));
    expect(await store.outbox.flush(hook)).toEqual([401]);
    store.secrets = [last];
    expect(await store.outbox.flush(hook)).toEqual([202]);
    expect(JSON.stringify(await api.get(`/shops/${shopId}`))).not.toContain(last);
  });

  it('cancels and pays back when the hub asks, and says so by sending the order', async () => {
    const order = await until('order 9', () => findOrder('9'));
    await api.post(`/orders/${order.orderId}/refunds`, { amount: { minor: 100, currency: 'EUR' }, reason: 'late' });
    await api.post(`/orders/${order.orderId}/cancel`, { reason: 'asked by phone' });
    await until('the wishes', () => store.order('9').cancelledAt !== null && store.order('9').refunds.length === 1);
    await store.outbox.flush(hook);
    await until('the cancelled order', async () => (await findOrder('9'))?.cancelledAt);
    await story.settle();
    const { holds } = await api.get<{ holds: string[] }>(`/orders/${parseId<'order'>(order.orderId, 'order')}`);
    expect(holds).toEqual([]);
  });

  it('has a log without a body, an address or a secret', async () => {
    const attempts = await deliveries();
    expect(attempts.length).toBeGreaterThan(10);
    expect(JSON.stringify(attempts)).not.toMatch(/Ada|Teststra|whsec_/);
  });
});
