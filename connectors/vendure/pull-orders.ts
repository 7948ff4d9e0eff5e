import { stringifyLossless, type Pull, type PullDescriptor, type RawDocument } from '../../src/connector-kit/index.ts';
import { callVendure, readWire, type VendureIo } from './client.ts';
import { orderClockDocument, ordersDocument } from './documents.ts';
import { advanceMark, filterAfter, markFrom, withOverlap, type Mark } from './keyset.ts';
import type { VendureSettings } from './settings.ts';
import { wireOrderClock, wireOrderPage } from './wire.ts';

export const ordersPull: PullDescriptor = {
  pageSizeMax: 50,
  firstPage: 'keyset',
  direction: 'ascending',
  overlapMs: 30_000,
  windowMs: null,
  lagMs: 30_000,
};

/**
 * Three walks, one after the other. `placed` finds new orders by orderPlacedAt. `changed` finds those whose updatedAt moved
 * (lines, cancels, addresses; never payments, shipping or delivery: those are found by re-reading open orders). `older` is
 * walked in the first poll only: orders placed before it that changed since.
 */
export type OrdersState = {
  readonly walk: 'placed' | 'older' | 'changed';
  readonly placed: Mark;
  readonly changed: Mark;
  readonly older: { readonly mark: Mark; readonly placedBefore: string } | null;
};

export async function pullOrders(
  io: VendureIo,
  state: OrdersState | null,
  since: Date,
): Promise<Pull<RawDocument, OrdersState>> {
  const at = state ?? (await firstState(io, since));
  const filter = { ...placedFilter(io.settings), ...walkFilter(at) };
  const column = at.walk === 'placed' ? 'orderPlacedAt' : 'updatedAt';
  const options = { take: ordersPull.pageSizeMax, sort: { [column]: 'ASC' }, filter };
  const data = await callVendure(io, { document: ordersDocument, variables: { options } });
  const { items } = readWire(wireOrderPage, data).orders;
  const moved = moveMark(at, (mark) =>
    advanceMark(
      mark,
      items.map((order) => ({ id: order.id, at: order[column] })),
    ),
  );
  const isFull = items.length === ordersPull.pageSizeMax;
  const next = isFull ? moved : nextWalk(moved);
  return { items: items.map(toDocument), next, resume: next ?? resumeFrom(moved) };
}

export async function readOrders(io: VendureIo, externalIds: readonly string[]): Promise<readonly RawDocument[]> {
  if (externalIds.length === 0) return [];
  const filter = { ...placedFilter(io.settings), id: { in: externalIds } };
  const options = { take: externalIds.length, filter };
  const data = await callVendure(io, { document: ordersDocument, variables: { options } });
  return readWire(wireOrderPage, data).orders.items.map(toDocument);
}

export async function countOrders(io: VendureIo, since: Date): Promise<number> {
  const filter = {
    ...placedFilter(io.settings),
    orderPlacedAt: { after: new Date(since.getTime() - 1).toISOString() },
  };
  const data = await callVendure(io, { document: orderClockDocument, variables: { options: { take: 1, filter } } });
  return readWire(wireOrderClock, data).orders.totalItems;
}

/**
 * Carts are orders too (`active`), and drafts have not been placed. In a marketplace the same sale is one Aggregate order
 * and one Seller order for each seller: a shop takes the one or the others, never both.
 */
function placedFilter(settings: VendureSettings): Record<string, unknown> {
  return {
    active: { eq: false },
    orderPlacedAt: { isNull: false },
    type: { in: settings.isSellerChannel ? ['Seller'] : ['Regular', 'Aggregate'] },
  };
}

/** `changed` starts at the channel's own newest change time, so that the first poll gives each order once. */
async function firstState(io: VendureIo, since: Date): Promise<OrdersState> {
  const options = { take: 1, sort: { updatedAt: 'DESC' }, filter: placedFilter(io.settings) };
  const data = await callVendure(io, { document: orderClockDocument, variables: { options } });
  const newest = readWire(wireOrderClock, data).orders.items[0]?.updatedAt ?? since.toISOString();
  return {
    walk: 'placed',
    placed: markFrom(since),
    changed: markFrom(new Date(Math.max(Date.parse(newest) + 1, since.getTime()))),
    older: { mark: markFrom(since), placedBefore: since.toISOString() },
  };
}

function walkFilter(state: OrdersState): Record<string, unknown> {
  if (state.walk === 'placed') return filterAfter('orderPlacedAt', state.placed);
  if (state.walk === 'changed' || state.older === null) return filterAfter('updatedAt', state.changed);
  return { ...filterAfter('updatedAt', state.older.mark), orderPlacedAt: { before: state.older.placedBefore } };
}

function moveMark(state: OrdersState, move: (mark: Mark) => Mark): OrdersState {
  if (state.walk === 'placed') return { ...state, placed: move(state.placed) };
  if (state.walk === 'changed' || state.older === null) return { ...state, changed: move(state.changed) };
  return { ...state, older: { ...state.older, mark: move(state.older.mark) } };
}

function nextWalk(state: OrdersState): OrdersState | null {
  if (state.walk === 'changed') return null;
  return { ...state, walk: state.walk === 'placed' && state.older !== null ? 'older' : 'changed' };
}

function resumeFrom(state: OrdersState): OrdersState {
  return {
    walk: 'placed',
    placed: withOverlap(state.placed, ordersPull.overlapMs),
    changed: withOverlap(state.changed, ordersPull.overlapMs),
    older: null,
  };
}

function toDocument(order: { readonly id: string }): RawDocument {
  return { externalId: order.id, body: stringifyLossless(order), version: null };
}
