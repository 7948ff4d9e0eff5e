import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '../../src/identity/index.ts';
import { apiClient, untilWithin, type ApiClient, type ApiSeller } from '../support/api-client.ts';
import { furnishSandbox } from '../support/furnish-sandbox.ts';
import { openSandbox, openStory, type Story } from '../support/story.ts';

const until = untilWithin(30_000);

type Money = { minor: number; currency: string };
type Order = {
  orderId: string;
  number: number;
  externalNumber: string;
  total: Money;
  refunded: Money;
  holds: string[];
  cancelledAt: string | null;
};
type Shipment = { shipmentId: string; number: number; state: string; units: number };
type ShipmentDetail = Shipment & { lines: { shipmentLineId: string; quantity: number }[]; reasons: unknown };

describe('a client that knows only the API', () => {
  let story: Story;
  let shop: Awaited<ReturnType<typeof openSandbox>>;
  let api: ApiClient;
  let seller: ApiSeller;

  beforeAll(async () => {
    shop = await openSandbox({ seed: 5 });
    story = await openStory({ privateOrigins: [shop.origin] });
    const { token } = await story.run((ctx) => createToken(ctx, { name: 'story', scopes: ['*'], expiresAt: null }));
    api = apiClient(story.served.origin, token);
    seller = await furnishSandbox(api, shop, [20, 10], until);
  });

  afterAll(async () => {
    await story?.close();
    await shop?.close();
  });

  const place = (sku: string, quantity: number) => {
    const listing = shop.sandbox.state.listings.find((each) => each.sku === sku);
    return shop.sandbox.placeOrder({ lines: [{ listingId: listing?.id ?? '', quantity }] });
  };

  const orderOf = (number: string): Promise<Order> =>
    until(
      `order ${number}`,
      async () => (await api.all<Order>('/orders')).find((order) => order.externalNumber === number) ?? null,
    );

  const plannedOf = (order: Order): Promise<Shipment[]> =>
    until('its shipment', async () => {
      const found = await api.all<Shipment>(`/shipments?orderId=${order.orderId}&state=planned`);
      return found.length > 0 ? found : null;
    });

  it('finds every verb described, each with its scope and its problems', async () => {
    const answer = await fetch(`${story.served.origin}/openapi.json`);
    const document = (await answer.json()) as {
      openapi: string;
      paths: Record<
        string,
        Record<string, { security?: unknown[]; summary?: string; responses: Record<string, unknown> }>
      >;
    };
    expect(document.openapi).toMatch(/^3\.1/);
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
    );
    expect(operations.length).toBeGreaterThan(40);
    expect(operations.filter(({ summary }) => summary === undefined).map(({ name }) => name)).toEqual([]);
    expect(operations.filter(({ security }) => security === undefined).map(({ name }) => name)).toEqual([]);
    expect(operations.filter(({ responses }) => !('401' in responses)).map(({ name }) => name)).toEqual([]);
  });

  it('walks an order from the shop to a parcel that the shop shows, and reads why it went there', async () => {
    const placed = place('MUG-WHT', 2);
    const order = await orderOf(placed.number);
    expect(order.total.minor).toBe(placed.totalMinor);
    const [shipment] = await plannedOf(order);
    const detail = await api.get<ShipmentDetail>(`/shipments/${shipment?.shipmentId}`);
    expect(JSON.stringify(detail.reasons)).not.toBe('[]');
    const shipped = await api.post<{ outcome: string }>(`/shipments/${shipment?.shipmentId}/ship-out`, {
      carrier: 'UPS',
      trackingNumber: '1Z9',
      trackingUrl: null,
      service: null,
    });
    expect(shipped.outcome).toBe('shipped');
    await until(
      'the tracking in the shop',
      async () =>
        shop.sandbox.order(placed.id).fulfilments.some(({ trackingNumber }) => trackingNumber === '1Z9') || null,
    );
    const told = await until('the answer of the shop', async () => {
      const { announcements } = await api.get<{ announcements: { state: string }[] }>(
        `/orders/${order.orderId}/channel`,
      );
      return announcements.every(({ state }) => state === 'announced') ? announcements : null;
    });
    expect(told).toHaveLength(1);
  });

  it('holds an order by hand, which stops the parcel, and lets it go on', async () => {
    const placed = place('TEA-250G', 1);
    const order = await orderOf(placed.number);
    const [shipment] = await plannedOf(order);
    await api.post(`/orders/${order.orderId}/holds`, { kind: 'manual', reason: 'call the customer' });
    const refused = await api.send('POST', `/shipments/${shipment?.shipmentId}/ship-out`, {
      carrier: 'UPS',
      trackingNumber: 'X',
      trackingUrl: null,
      service: null,
    });
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain(String(order.number));
    expect((await api.send('DELETE', `/orders/${order.orderId}/holds/manual`)).ok).toBe(true);
    await api.post(`/shipments/${shipment?.shipmentId}/ship-out`, {
      carrier: 'UPS',
      trackingNumber: 'Y',
      trackingUrl: null,
      service: null,
    });
  });

  it('splits a parcel, merges it again, and loses no unit', async () => {
    const order = await orderOf(place('SOCK-41-45', 3).number);
    const [shipment] = await plannedOf(order);
    const { lines } = await api.get<ShipmentDetail>(`/shipments/${shipment?.shipmentId}`);
    const made = await api.post<{ shipmentId: string }>(`/shipments/${shipment?.shipmentId}/split`, {
      lines: [{ shipmentLineId: lines[0]?.shipmentLineId, quantity: 1 }],
    });
    expect((await plannedOf(order)).map(({ units }) => units).toSorted((a, b) => a - b)).toEqual([1, 2]);
    await api.post('/shipments/merge', { shipmentIds: [shipment?.shipmentId, made.shipmentId] });
    expect((await plannedOf(order)).map(({ units }) => units)).toEqual([3]);
  });

  it('cancels and refunds, and both come back as facts', async () => {
    const placed = place('NOTE-A5', 1);
    const order = await orderOf(placed.number);
    await api.post(`/orders/${order.orderId}/refunds`, {
      amount: { minor: 100, currency: order.total.currency },
      reason: 'goodwill',
    });
    await until('the refund', async () => (await orderOf(placed.number)).refunded.minor === 100 || null);
    const tooMuch = await api.send('POST', `/orders/${order.orderId}/refunds`, {
      amount: { minor: 10_000_000, currency: order.total.currency },
      reason: 'too much',
    });
    expect(tooMuch.status).toBe(409);
    expect(await tooMuch.json()).toMatchObject({ code: 'refund.too_much', fields: [{ path: 'amount.minor' }] });
    await api.post(`/orders/${order.orderId}/cancel`, { reason: 'customer asked' });
    await until('the cancel', async () => (await orderOf(placed.number)).cancelledAt !== null || null);
  });

  it('runs a request once however often it is sent with one key, and refuses the key with another body', async () => {
    const receipt = (quantity: number) => ({
      receipts: [
        {
          skuId: seller.skuIds.get('MUG-BLU'),
          warehouseId: seller.warehouseIds[0],
          quantity,
          unitCost: null,
          costCurrency: null,
          lotId: null,
          note: null,
        },
      ],
    });
    const headers = { 'idempotency-key': 'receipt-1' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => api.send('POST', '/stock/receipts', receipt(5), headers)));
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201]);
    const moves = await api.all<{ quantity: number; reason: string }>(
      `/stock/moves?skuId=${seller.skuIds.get('MUG-BLU')}`,
    );
    expect(moves.filter((move) => move.quantity === 5)).toHaveLength(1);
    const other = await api.send('POST', '/stock/receipts', receipt(6), headers);
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({ code: 'idempotency.key_reused' });
  });

  it('is told which field is wrong, and a stale edit is refused', async () => {
    const wrong = await api.send('POST', '/stock/receipts', { receipts: [{ skuId: 'x' }] });
    expect(wrong.status).toBe(400);
    const problem = (await wrong.json()) as { fields: { path: string }[] };
    expect(problem.fields.map(({ path }) => path)).toContain('receipts.0.skuId');
    const stale = await api.send('PATCH', `/shops/${seller.shopId}`, { name: 'New name' }, { 'if-match': '"1"' });
    expect(stale.status).toBe(412);
  });

  it('sees no more than its token allows', async () => {
    const { token } = await api.post<{ token: string }>('/tokens', { name: 'reader', scopes: ['stock:read'] });
    const reader = apiClient(story.served.origin, token);
    expect((await reader.send('GET', '/stock/levels')).status).toBe(200);
    expect((await reader.send('GET', '/orders')).status).toBe(403);
    expect((await reader.send('POST', '/warehouses', {})).status).toBe(403);
    expect((await apiClient(story.served.origin, 'wharf_nobody_nothing').send('GET', '/stock/levels')).status).toBe(
      401,
    );
  });

  it('leaves a clean audit', async () => {
    await story.settle();
    expect(await api.get<{ isClean: boolean }>('/audit/report')).toMatchObject({ isClean: true });
  });
});
