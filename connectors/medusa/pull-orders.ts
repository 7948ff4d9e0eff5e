import { stringifyLossless, type Pull, type PullDescriptor, type RawDocument } from '../../src/connector-kit/index.ts';
import { getMedusa, idQuery, type MedusaIo, type Query } from './client.ts';
import { orderFields } from './fields.ts';
import { withFirstItems } from './read-first-items.ts';
import { wireOrderPage, type WireOrderHead } from './wire.ts';

export const ordersPull: PullDescriptor = {
  pageSizeMax: 50,
  firstPage: 'keyset',
  direction: 'ascending',
  overlapMs: 60_000,
  windowMs: null,
  lagMs: 60_000,
};

/**
 * How far a walk up `updated_at` has come: the time of the last row given, and the ids given at that very time. Medusa sorts
 * by one column alone and pages by offset, which loses rows as they move; so each page asks for everything from the mark
 * on, for as many rows more as are known there. Nothing is skipped, whatever order rows of one time come in.
 */
export type OrdersState = {
  readonly at: string;
  readonly seen: readonly string[];
  /** When the oldest order that was left out as half made last changed: the next poll starts before it. */
  readonly waitFrom: string | null;
};

/** How long an order without a payment may still be taken back. */
const settleMs = 30_000;

export async function pullOrders(
  io: MedusaIo,
  state: OrdersState | null,
  since: Date,
): Promise<Pull<RawDocument, OrdersState>> {
  const mark = state ?? { at: since.toISOString(), seen: [], waitFrom: null };
  const limit = ordersPull.pageSizeMax + mark.seen.length;
  const { orders } = await getMedusa(
    io,
    '/orders',
    [
      ['updated_at[$gte]', mark.at],
      ['order', 'updated_at'],
      ['limit', String(limit)],
      ['offset', '0'],
      ['fields', orderFields],
      ...channelQuery(io),
    ],
    wireOrderPage,
  );
  const fresh = orders.filter((order) => !mark.seen.includes(order.id));
  const halfMade = fresh.filter((order) => isHalfMade(order, io.now));
  const moved = { ...advance(mark, fresh), waitFrom: mark.waitFrom ?? halfMade[0]?.updated_at ?? null };
  const next = orders.length === limit && fresh.length > 0 ? moved : null;
  const whole = fresh.filter((order) => !halfMade.includes(order));
  return { items: await toDocuments(io, whole), next, resume: next ?? withOverlap(moved) };
}

export async function readOrders(io: MedusaIo, externalIds: readonly string[]): Promise<readonly RawDocument[]> {
  if (externalIds.length === 0) return [];
  const query = [...idQuery(externalIds, orderFields), ...channelQuery(io)];
  const { orders } = await getMedusa(io, '/orders', query, wireOrderPage);
  return toDocuments(io, orders);
}

export async function countOrders(io: MedusaIo, since: Date): Promise<number> {
  const query: Query = [
    ['created_at[$gte]', since.toISOString()],
    ['limit', '1'],
    ['fields', 'id,version,created_at,updated_at,items.id,items.quantity'],
    ...channelQuery(io),
  ];
  return (await getMedusa(io, '/orders', query, wireOrderPage)).count;
}

function channelQuery(io: MedusaIo): Query {
  const { salesChannelId } = io.settings;
  return salesChannelId === null ? [] : [['sales_channel_id[]', salesChannelId]];
}

/**
 * Completing a cart makes the order first, then reserves its stock and authorises its payment, and deletes the order again
 * where one of them fails (2.21.2, complete-cart: seen in a fight for the last units). Until then it has no payment; an order
 * that never gets one is given once nobody can take it back.
 */
function isHalfMade(order: WireOrderHead, now: Date): boolean {
  const hasPayment = (order.payment_collections ?? []).some(({ payments }) => (payments ?? []).length > 0);
  return !hasPayment && now.getTime() - Date.parse(order.created_at) < settleMs;
}

function advance(mark: OrdersState, rows: readonly WireOrderHead[]): Omit<OrdersState, 'waitFrom'> {
  const last = rows.at(-1);
  if (last === undefined) return mark;
  const atLast = rows.filter((row) => row.updated_at === last.updated_at).map((row) => row.id);
  return { at: last.updated_at, seen: last.updated_at === mark.at ? [...mark.seen, ...atLast] : atLast };
}

/** Read again at the next poll: a row may become visible after one that was written later. */
function withOverlap(mark: OrdersState): OrdersState {
  const from = Math.min(Date.parse(mark.at), Date.parse(mark.waitFrom ?? mark.at));
  return { at: new Date(from - ordersPull.overlapMs).toISOString(), seen: [], waitFrom: null };
}

async function toDocuments(io: MedusaIo, orders: readonly WireOrderHead[]): Promise<RawDocument[]> {
  const whole = await withFirstItems(io, orders);
  return whole.map((order) => ({ externalId: order.id, body: stringifyLossless(order), version: null }));
}
