import type { StockPush } from '../connector.ts';
import type { Bench } from './bench.ts';
import type { PlacedOrder } from './harness.ts';
import { unitsOf } from './units.ts';

/** More requests than this for one call that fails are a loop. */
export const requestsMax = 8;

export type Call = readonly [what: string, call: () => Promise<unknown>];

/** Every read that the connector can do, about an order that was placed. */
export function readCalls(bench: Bench, placed: PlacedOrder, settings: unknown = bench.world.settings): Call[] {
  const { connector } = bench;
  const io = () => bench.io(settings);
  return [
    ['check', () => connector.check(io())],
    ...orderReads(bench, placed.externalId, io),
    ...goodsReads(
      bench,
      placed.lines.map((line) => line.listingExternalId),
      io,
    ),
  ];
}

type MakeIo = () => ReturnType<Bench['io']>;

function orderReads({ connector, since }: Bench, externalId: string, io: MakeIo): Call[] {
  const { orders } = connector;
  const { pullOrders, readOrders, countOrders } = orders;
  const calls: Call[] = [];
  if (pullOrders !== undefined) calls.push(['pullOrders', () => pullOrders.call(orders, io(), null, since)]);
  if (readOrders !== undefined) calls.push(['readOrders', () => readOrders.call(orders, io(), [externalId])]);
  if (countOrders !== undefined) calls.push(['countOrders', () => countOrders.call(orders, io(), since)]);
  return calls;
}

function goodsReads({ connector }: Bench, listingIds: readonly string[], io: MakeIo): Call[] {
  const { listings, stock } = connector;
  const calls: Call[] = [];
  const pullListings = listings?.pullListings?.bind(listings);
  if (pullListings !== undefined) calls.push(['pullListings', () => pullListings(io(), null)]);
  const readStock = stock?.readStock?.bind(stock);
  if (readStock !== undefined) calls.push(['readStock', () => readStock(io(), listingIds)]);
  const listLocations = stock?.listLocations?.bind(stock);
  if (listLocations !== undefined) calls.push(['listLocations', () => listLocations(io())]);
  return calls;
}

/**
 * Every write that the connector can do, about an order whose first line has four units. Each says one thing, however often it
 * is called; `mark` makes another thing of it.
 */
export function writeCalls(bench: Bench, placed: PlacedOrder, mark = '1'): Call[] {
  const { stock, shipments, orders } = bench.connector;
  const orderExternalId = placed.externalId;
  const calls: Call[] = [];
  if (stock !== undefined) {
    const pushes = placed.lines.map((line) => pushOf(line.listingExternalId, 5, mark));
    calls.push(['pushStock', () => stock.pushStock(bench.io(), pushes)]);
  }
  if (shipments !== undefined) {
    const command = {
      orderExternalId,
      packageReference: `ref-${mark}`,
      trackingNumber: `TRACK-${mark}`,
      carrier: 'DHL',
      trackingUrl: null,
      shippedAt: bench.world.now(),
      lines: unitsOf(placed, 0, 1),
    };
    calls.push(['announceShipment', () => shipments.announceShipment(bench.io(), command)]);
  }
  const { cancelOrder, refundOrder } = orders;
  if (refundOrder !== undefined) {
    const { currency } = placed;
    const command = {
      orderExternalId,
      amountMinor: 100,
      currency,
      reason: 'damaged',
      lines: [],
      requestId: `r-${mark}`,
    };
    calls.push(['refundOrder', () => refundOrder.call(orders, bench.io(), command)]);
  }
  if (cancelOrder !== undefined) {
    const command = { orderExternalId, lines: unitsOf(placed, 1, 1), reason: 'buyer asked', requestId: `c-${mark}` };
    calls.push(['cancelOrder', () => cancelOrder.call(orders, bench.io(), command)]);
  }
  return calls;
}

/** One number for a listing of a shop without locations. */
export function pushOf(listingExternalId: string, quantity: number, version: string): StockPush {
  return { listingExternalId, quantity, locations: [], version };
}
