import {
  stringifyLossless,
  type OrdersCapability,
  type Pull,
  type PullDescriptor,
  type RawDocument,
} from '../../src/connector-kit/index.ts';
import { cancelOrder } from './cancels.ts';
import { get, parseWire, type AcmeShopIo } from './client.ts';
import { refundOrder } from './refunds.ts';
import type { AcmeShopSettings } from './settings.ts';
import { toChannelOrder } from './to-channel-order.ts';
import { wireCount, wireOrderHead, wireOrderPage } from './wire.ts';

/**
 * The vendor lists by (updated_at, id), ascending, from `updated_from` on; its cursor is the place after the last row. A row
 * that changes while pages are read moves to the end and is seen again.
 */
export type AcmeShopOrderState = {
  readonly from: string;
  readonly cursor: string | null;
  /** The latest change seen, by the vendor's clock: the next poll starts `overlapMs` before it. */
  readonly latest: string;
};

const pull: PullDescriptor = {
  pageSizeMax: 50,
  firstPage: 'cursor',
  direction: 'ascending',
  overlapMs: 10_000,
  windowMs: null,
  lagMs: 2_000,
};

async function pullOrders(
  io: AcmeShopIo,
  state: AcmeShopOrderState | null,
  since: Date,
): Promise<Pull<RawDocument, AcmeShopOrderState>> {
  const start = since.toISOString();
  const at = state ?? { from: start, cursor: null, latest: start };
  const query = { updated_from: at.from, cursor: at.cursor, limit: String(pull.pageSizeMax) };
  const page = await get(io, '/orders', query, wireOrderPage);
  const changes = page.orders.map((order) => parseWire(wireOrderHead, order).updated_at);
  const latest = changes.reduce((newest, change) => (change > newest ? change : newest), at.latest);
  const from = new Date(Date.parse(latest) - pull.overlapMs).toISOString();
  return {
    items: page.orders.map(toDocument),
    next: page.next_cursor === null ? null : { from: at.from, cursor: page.next_cursor, latest },
    resume: { from, cursor: null, latest },
  };
}

async function readOrders(io: AcmeShopIo, externalIds: readonly string[]): Promise<readonly RawDocument[]> {
  if (externalIds.length === 0) return [];
  const page = await get(io, '/orders', { ids: externalIds.join(',') }, wireOrderPage);
  return page.orders.map(toDocument);
}

async function countOrders(io: AcmeShopIo, since: Date): Promise<number> {
  const { count } = await get(io, '/orders/count', { created_from: since.toISOString() }, wireCount);
  return count;
}

/** One order as the vendor sent it, with what the hub must know before it reads any meaning into it. */
function toDocument(order: unknown): RawDocument {
  const { id, revision } = parseWire(wireOrderHead, order);
  return { externalId: id, body: stringifyLossless(order), version: String(revision) };
}

export const orders: OrdersCapability<AcmeShopSettings, AcmeShopOrderState> = {
  pull,
  rereadOpen: false,
  pullOrders,
  readOrders,
  countOrders,
  toChannelOrder,
  cancelOrder,
  refundOrder,
};
