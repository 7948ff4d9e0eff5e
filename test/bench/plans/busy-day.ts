import type pg from 'pg';
import { createToken } from '../../../src/identity/index.ts';
import type { Hub } from '../../../src/main/hub.ts';
import { serveHub } from '../../../src/main/serve.ts';
import { apiClient, type ApiClient } from '../../support/api-client.ts';
import type { LiveShop } from '../live-shop.ts';
import { benchActor } from '../webhook-shop.ts';

const deadlineMs = 120_000;
type Page = { readonly items: readonly Readonly<Record<string, unknown>>[]; readonly next: string | null };

/** The hub with a worker, and a client of its API. */
export type Desk = { readonly hub: Hub; readonly api: ApiClient; close(): Promise<void> };

export async function openDesk(hub: Hub): Promise<Desk> {
  const served = await serveHub(hub, { host: '127.0.0.1', port: 0 });
  const worker = await hub.work({ publicOrigin: served.origin });
  const { token } = await hub.deps.database.transact({ actor: benchActor }, (ctx) =>
    createToken(ctx, { name: 'bench', scopes: ['*'], expiresAt: null }),
  );
  return {
    hub,
    api: apiClient(served.origin, token),
    async close() {
      await worker.close();
      await served.close();
    },
  };
}

/**
 * The same work at every size, by the running product: forty orders are sold, told by webhooks, taken in, allocated, looked at,
 * held, cancelled, paid back, shipped and announced, and people look at every list.
 */
export async function liveABusyDay({ hub, api }: Desk, client: pg.Client, shop: LiveShop): Promise<void> {
  await settled(hub, client);
  await shop.sell({ perSecond: 20, seconds: 2 });
  await settled(hub, client);
  await workAtDesk(api);
  await settled(hub, client);
  await shipAll(api);
  await settled(hub, client);
  await lookAround(api);
}

/** Nothing is left to be done for what is open. */
async function settled(hub: Hub, client: pg.Client): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const { rows } = await client.query<{ what: string; count: number }>(
      `select what, count from (
         select 'messages' as what, count(*)::int4 as count from inbox_events where state = 'pending'
         union all select 'demand', count(*)::int4 from stock_demand where is_due and quantity > 0
         union all select 'reads', count(*)::int4 from order_reads
         union all select 'parcels', count(*)::int4 from announcements where state in ('due', 'sending', 'unknown')
         union all select 'requests', count(*)::int4 from channel_requests where state in ('due', 'sending', 'unknown')
         union all select 'numbers', count(*)::int4 from listings where wanted_at is not null
       ) as open where count > 0`,
    );
    if (rows.length === 0) return;
    if (Date.now() > deadline) throw new Error(`still open: ${JSON.stringify(rows)}`);
    await hub.deps.clock.sleep(200);
  }
}

async function workAtDesk(api: ApiClient): Promise<void> {
  const { items } = await api.get<Page>('/orders?fulfilmentState=open&isCancelled=false&limit=40');
  const [first, second, third, ...rest] = items.map(({ orderId }) => String(orderId));
  for (const orderId of [first, ...rest.slice(0, 5)]) {
    await api.get(`/orders/${orderId}`);
    await api.get(`/orders/${orderId}/explanation`);
    await api.get(`/orders/${orderId}/channel`);
    await api.get(`/shipments?orderId=${orderId}`);
  }
  await api.post(`/orders/${first}/holds`, { kind: 'manual', reason: 'a question' });
  await api.get('/orders?hold=manual');
  await api.send('DELETE', `/orders/${first}/holds/manual`);
  await api.post(`/orders/${second}/cancel`, { reason: 'the buyer asked' });
  await api.post(`/orders/${third}/refunds`, { amount: { minor: 100, currency: 'EUR' }, reason: 'goodwill' });
}

async function shipAll(api: ApiClient): Promise<void> {
  const { items } = await api.get<Page>('/shipments?state=planned&limit=200');
  const tracking = { carrier: 'DHL', trackingUrl: null, service: null };
  const shipments = items.map(({ shipmentId, number }) => ({ ...tracking, shipmentId, trackingNumber: `T${number}` }));
  await api.post('/shipments/ship-out', { shipments });
}

/** First and second pages, and every way of looking for one thing. */
async function lookAround(api: ApiClient): Promise<void> {
  const { items } = await api.get<Page>('/orders?limit=5');
  for (const { number, externalNumber, orderId } of items) {
    await api.get(`/orders?number=${Number(number)}`);
    await api.get(`/orders?number=${encodeURIComponent(String(externalNumber))}`);
    await api.get(`/orders/${String(orderId)}/explanation`);
    await api.get(`/invoices?orderId=${String(orderId)}`);
  }
  for (const path of lists) {
    const { next } = await api.get<Page>(`${path}${path.includes('?') ? '&' : '?'}limit=50`);
    if (next !== null && next !== undefined) {
      await api.get(`${path}${path.includes('?') ? '&' : '?'}limit=50&after=${encodeURIComponent(next)}`);
    }
  }
}

const lists = [
  '/orders',
  '/orders?fulfilmentState=open',
  '/orders?fulfilmentState=shipped',
  '/orders?paymentState=unpaid',
  '/orders?isCancelled=true',
  '/orders?hold=unmapped',
  '/shipments',
  '/shipments?state=planned',
  '/shipments?state=shipped',
  '/exceptions',
  '/inbox',
  '/inbox?state=parked',
  '/listings',
  '/returns',
  '/invoices',
  '/invoice-requests',
  '/stock/moves',
];
