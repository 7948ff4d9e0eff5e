import {
  stringifyLossless,
  type OrdersCapability,
  type Pull,
  type PullDescriptor,
  type RawDocument,
} from '../../src/connector-kit/index.ts';
import { get, parseWire, type SandboxIo } from './client.ts';
import { cancelOrder } from './cancels.ts';
import { refundOrder } from './refunds.ts';
import type { SandboxSettings } from './settings.ts';
import { toChannelOrder } from './to-channel-order.ts';
import { wireCount, wireOrderHead, wireOrderPage } from './wire.ts';

/**
 * The vendor lists by (updated_at, id), ascending, from `since` on; its cursor is the key of the last row. A row that
 * changes while pages are read moves to the end and is seen again.
 */
export type SandboxOrderState = {
  readonly since: string;
  readonly cursor: string | null;
  /** The latest change seen, by the vendor's clock: the next poll starts `overlapMs` before it. */
  readonly highest: string;
};

const pull: PullDescriptor = {
  pageSizeMax: 100,
  firstPage: 'keyset',
  direction: 'ascending',
  overlapMs: 10_000,
  windowMs: null,
  lagMs: 5_000,
};

async function pullOrders(
  io: SandboxIo,
  state: SandboxOrderState | null,
  since: Date,
): Promise<Pull<RawDocument, SandboxOrderState>> {
  const from = since.toISOString();
  const at = state ?? { since: from, cursor: null, highest: from };
  const query = { since: at.since, cursor: at.cursor, limit: String(pull.pageSizeMax) };
  const page = await get(io, '/orders', query, wireOrderPage);
  const heads = page.orders.map((order) => parseWire(wireOrderHead, order));
  const highest = heads.reduce((latest, { updated_at }) => (updated_at > latest ? updated_at : latest), at.highest);
  const resumeSince = new Date(Date.parse(highest) - pull.overlapMs).toISOString();
  return {
    items: page.orders.map(toDocument),
    next: page.next_cursor === null ? null : { since: at.since, cursor: page.next_cursor, highest },
    resume: { since: resumeSince, cursor: null, highest },
  };
}

async function readOrders(io: SandboxIo, externalIds: readonly string[]): Promise<readonly RawDocument[]> {
  if (externalIds.length === 0) return [];
  const page = await get(io, '/orders', { ids: externalIds.join(',') }, wireOrderPage);
  return page.orders.map(toDocument);
}

async function countOrders(io: SandboxIo, since: Date): Promise<number> {
  const { count } = await get(io, '/orders/count', { placed_since: since.toISOString() }, wireCount);
  return count;
}

/** One order as its own exact text: digits that JS would round stay text. */
export function toDocument(order: unknown): RawDocument {
  const head = parseWire(wireOrderHead, order);
  return { externalId: head.id, body: stringifyLossless(order), version: String(head.version) };
}

export const orders: OrdersCapability<SandboxSettings, SandboxOrderState> = {
  pull,
  rereadOpen: false,
  pullOrders,
  readOrders,
  countOrders,
  toChannelOrder,
  cancelOrder,
  refundOrder,
};
