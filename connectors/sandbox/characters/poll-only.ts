import { defineConnector, type OrdersCapability, type PullDescriptor } from '../../../src/connector-kit/index.ts';
import { cancelWith } from '../cancels.ts';
import { get, parseWire } from '../client.ts';
import { toDocument, type Dialect } from '../dialect.ts';
import { countOrders, readOrdersWith } from '../orders.ts';
import { refundWith } from '../refunds.ts';
import { pollOnlySettings, type ShopSettings } from '../settings.ts';
import { shipmentsWith } from '../shipments.ts';
import { saleableStock } from '../stock.ts';
import { translateWith } from '../to-channel-order.ts';
import { wireNumberedPage, wireOrder, wireOrderHead } from '../wire.ts';
import { everyShop } from './every-shop.ts';

/** The shop writes two changes of one order at least a second apart, so the second of its change is a version. */
const dialect: Dialect = {
  versionOf: (document) => String(Date.parse(parseWire(wireOrderHead, document).updated_at) / 1000),
  comparesVersions: false,
  read: (document) => parseWire(wireOrder, document),
  refine: (order) => order,
};

/** `firstSeen` is the latest change on the first page: what came later moved to the front and is for the next poll. */
type PageState = { readonly since: string; readonly page: number; readonly firstSeen: string | null };

const pull: PullDescriptor = {
  pageSizeMax: 100,
  firstPage: 'offset',
  direction: 'descending',
  overlapMs: 25_000,
  windowMs: null,
  lagMs: 20_000,
};

/**
 * Pages by number, from the latest change back: a row that changes meanwhile moves to the front and pushes the others onto a
 * page that is still to come, so none is skipped.
 */
const orders: OrdersCapability<ShopSettings, PageState> = {
  pull,
  rereadOpen: false,
  async pullOrders(io, state, since) {
    const at = state ?? { since: since.toISOString(), page: 1, firstSeen: null };
    const query = { since: at.since, page: String(at.page), limit: String(pull.pageSizeMax) };
    const page = await get(io, '/orders', query, wireNumberedPage);
    const [first] = page.orders;
    const top = first === undefined ? at.since : parseWire(wireOrderHead, first).updated_at;
    const firstSeen = at.firstSeen ?? top;
    const resumeAt = Math.max(Date.parse(at.since), Date.parse(firstSeen) - pull.overlapMs);
    return {
      items: page.orders.map((order) => toDocument(dialect, order)),
      next: page.has_more ? { since: at.since, page: at.page + 1, firstSeen } : null,
      resume: { since: new Date(resumeAt).toISOString(), page: 1, firstSeen: null },
    };
  },
  readOrders: readOrdersWith(dialect),
  countOrders,
  toChannelOrder: translateWith(dialect),
  cancelOrder: cancelWith(dialect),
  refundOrder: refundWith(dialect),
};

/** Tells nothing by itself, and each of its doors shows a change in its own time. */
export const pollOnly = defineConnector({
  ...everyShop,
  code: 'sandbox-poll-only',
  label: { en: 'Sandbox, poll only', zh: '沙盒（仅轮询）' },
  settings: pollOnlySettings,
  orders,
  stock: saleableStock,
  shipments: shipmentsWith(dialect),
});
