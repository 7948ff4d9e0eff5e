import { Hono } from 'hono';
import { cancelOrder, fulfilOrder, refundOrder } from './change-order.ts';
import type { SandboxFaults } from './faults.ts';
import { saleable } from './levels.ts';
import { lateRows, listOrders } from './list-orders.ts';
import { id, jsonText, presentListing, presentOrder, presentStock } from './present.ts';
import {
  cancelRequest,
  fulfilRequest,
  minorOf,
  readBody,
  refundRequest,
  settingOf,
  stockRequest,
  unitsOf,
  webhookRequest,
} from './requests.ts';
import { setStock } from './set-stock.ts';
import { orderOf, ShopRefusal, type Shop } from './shop.ts';
import type { ShopListing } from './state.ts';

const pageSizeMax = 100;
/** A newer address takes the place of the oldest. */
const webhookUrlsMax = 5;

/** The vendor's public API, as a hub uses it. */
export function shopApi(shop: Shop, faults: SandboxFaults): Hono {
  const { state } = shop;
  const isHidden = lateRows(shop, faults);
  const api = new Hono();
  api.get('/shop', () => json({ name: state.shopName, currency: state.currency, time_zone: 'UTC' }));
  api.get('/orders', (c) => {
    const ids = c.req.query('ids');
    if (ids !== undefined) {
      const found = ids.split(',').flatMap((orderId) => state.orders[orderId] ?? []);
      return json({ orders: found.map(presentOrder), next_cursor: null });
    }
    const page = listOrders(shop, {
      since: c.req.query('since') ?? null,
      cursor: c.req.query('cursor') ?? null,
      limit: pageLimit(c.req.query('limit')),
      isHidden,
    });
    return json({ orders: page.orders.map(presentOrder), next_cursor: page.next });
  });
  api.get('/orders/count', (c) => {
    const since = c.req.query('placed_since') ?? '';
    return json({ count: Object.values(state.orders).filter(({ placedAt }) => placedAt >= since).length });
  });
  api.post('/orders/:id/fulfilments', async (c) => {
    const body = await readBody(c.req, fulfilRequest);
    const made = fulfilOrder(shop, 'hub', c.req.param('id'), {
      reference: body.reference,
      trackingNumber: body.tracking_number,
      carrier: body.carrier,
      trackingUrl: body.tracking_url,
      shippedAt: body.shipped_at,
      lines: unitsOf(body.lines),
      ifVersion: body.if_version,
    });
    return json({ id: id(made.id) }, 201);
  });
  api.post('/orders/:id/cancel', async (c) => {
    const body = await readBody(c.req, cancelRequest);
    const lines = body.lines === null ? null : unitsOf(body.lines);
    const cancel = { lines, reason: body.reason, ifVersion: body.if_version };
    return json(presentOrder(cancelOrder(shop, 'hub', c.req.param('id'), cancel)));
  });
  api.post('/orders/:id/refunds', async (c) => {
    const body = await readBody(c.req, refundRequest);
    const { currency } = orderOf(shop, c.req.param('id'));
    if (body.currency !== currency) throw new ShopRefusal(422, 'wrong_currency', `the order is in ${currency}`);
    const made = refundOrder(shop, 'hub', c.req.param('id'), {
      amountMinor: minorOf(body.amount, currency),
      reason: body.reason,
      requestId: body.request_id,
      lines: unitsOf(body.lines),
      ifVersion: body.if_version,
    });
    return json({ id: id(made.id) }, 201);
  });
  api.post('/webhooks', async (c) => {
    const { url } = await readBody(c.req, webhookRequest);
    if (!state.webhookUrls.includes(url)) {
      state.webhookUrls = [...state.webhookUrls, url].slice(-webhookUrlsMax);
      shop.commit({ by: 'hub', kind: 'hook_set', subject: url });
    }
    return json({ urls: state.webhookUrls }, 201);
  });
  return api.route('/', goodsApi(shop));
}

function goodsApi(shop: Shop): Hono {
  const { state } = shop;
  const api = new Hono();
  api.get('/listings', (c) => {
    const cursor = c.req.query('cursor') ?? '';
    const limit = pageLimit(c.req.query('limit'));
    const rows = state.listings.filter((listing) => listing.id > cursor).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const page = rows.slice(0, limit);
    const next = rows.length > limit ? (page.at(-1)?.id ?? null) : null;
    return json({ listings: page.map((listing) => presentListing(shop, listing)), next_cursor: next });
  });
  api.get('/locations', () =>
    json({ locations: state.locations.map(({ id: locationId, name }) => ({ id: id(locationId), name })) }),
  );
  api.get('/stock', (c) => {
    const wanted = new Set((c.req.query('listing_ids') ?? '').split(','));
    const found = state.listings.filter((listing) => wanted.has(listing.id));
    return json({ stock: found.map((listing: ShopListing) => presentStock(shop, listing)) });
  });
  api.put('/stock', async (c) => {
    const { items } = await readBody(c.req, stockRequest);
    const results = items.map((item) => {
      const error = refusalOf(() => setStock(shop, 'hub', settingOf(item)));
      return {
        listing_id: id(item.listing_id),
        saleable: error === null ? saleable(shop, item.listing_id) : null,
        error,
      };
    });
    return json({ results });
  });
  return api;
}

/** A batch answers 200 with an error per item. */
function refusalOf(work: () => void): { code: string; message: string } | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof ShopRefusal) return { code: error.code, message: error.message };
    throw error;
  }
}

function pageLimit(text: string | undefined): number {
  const limit = text === undefined ? pageSizeMax : Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > pageSizeMax) {
    throw new ShopRefusal(422, 'bad_limit', `limit is 1 to ${pageSizeMax}`);
  }
  return limit;
}

export function json(value: unknown, status = 200): Response {
  return new Response(jsonText(value), { status, headers: { 'content-type': 'application/json' } });
}
