import { Hono } from 'hono';
import { cancelOrder, fulfilOrder, refundOrder } from './change-order.ts';
import type { Character } from './characters/index.ts';
import type { Trouble } from './faults.ts';
import { saleable } from './levels.ts';
import { id, json, presentListing, presentStock } from './present.ts';
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
import { orderOf, ShopRefusal, type Shop } from './shop.ts';
import type { ShopOrder } from './state.ts';
import type { StockItem } from './stock-door.ts';
import type { Views } from './views.ts';

const pageSizeMax = 100;
/** A newer address takes the place of the oldest. */
const webhookUrlsMax = 5;

/** The shop as the API shows it. */
export type ShopWindow = {
  readonly shop: Shop;
  readonly character: Character;
  readonly views: Views;
  readonly trouble: Trouble;
};

/** The vendor's public API, as a hub uses it. */
export function shopApi(window: ShopWindow): Hono {
  const { shop, character, views } = window;
  const { state } = shop;
  const present = (order: ShopOrder): Record<string, unknown> => character.present(order);
  const api = new Hono();
  api.get('/shop', () => json({ name: state.shopName, currency: state.currency, time_zone: character.timeZone }));
  api.get('/orders', (c) => {
    const ids = c.req.query('ids');
    if (ids !== undefined) {
      const found = ids.split(',').flatMap((orderId) => views.byId(orderId) ?? []);
      return json({ orders: found.map(present), next_cursor: null });
    }
    const page = character.list(views.listed(), {
      since: c.req.query('since') ?? null,
      cursor: c.req.query('cursor') ?? null,
      page: c.req.query('page') ?? null,
      limit: pageLimit(c.req.query('limit')),
    });
    return json({ orders: page.orders.map(present), ...page.more });
  });
  api.get('/orders/count', (c) => {
    const since = c.req.query('placed_since') ?? '';
    return json({ count: views.counted().filter(({ placedAt }) => placedAt >= since).length });
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
    return json(present(cancelOrder(shop, 'hub', c.req.param('id'), cancel)));
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
  return api.route('/', goodsApi(window));
}

function goodsApi(window: ShopWindow): Hono {
  const { shop, character, views } = window;
  const { state } = shop;
  const { stock } = character;
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
    return json({ stock: found.map((listing) => presentStock(shop, listing, { stock, views })) });
  });
  api.put('/stock', async (c) => {
    const { items } = await readBody(c.req, stockRequest);
    const results = items.map((item) => {
      const error = refusalOf(() => setItem(window, settingOf(item)));
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

function setItem({ shop, character, trouble }: ShopWindow, item: StockItem): void {
  if (trouble.strikes(trouble.faults.refuseItemRate)) {
    trouble.happened('item_refused');
    throw new ShopRefusal(409, 'try_again', 'this item could not be changed now');
  }
  try {
    character.stock.set(shop, item);
  } catch (error) {
    if (error instanceof ShopRefusal && error.code === 'stale_stock') trouble.happened('stale_set_refused');
    throw error;
  }
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
