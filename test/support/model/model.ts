import type { ChannelOrder } from '../../../src/connector-kit/index.ts';
import type { ShipmentState } from '../../../src/fulfilment/index.ts';
import type { ShipmentId } from '../../../src/kernel/index.ts';

/**
 * The business as plain maps, by the words of DESIGN §5. It knows nothing of how the product does it: every rule beside this
 * file is stated once more, for itself. What the planner may choose (which warehouse) is read back and checked for what it must keep.
 */

/** An order line's share in one SKU, in SKU units. What of it is reserved stands in the parcels. */
export type Part = {
  readonly key: string;
  readonly line: string;
  readonly sku: number;
  readonly per: number;
  /** Units of the listing, as last told; a line that the channel removed keeps its last. */
  quantity: number;
  ordered: number;
  cancelled: number;
  shipped: number;
  demand: number;
};

export type Order = {
  /** Shop and external id: two shops have the same numbers. */
  readonly key: string;
  readonly shop: number;
  document: ChannelOrder;
  /** Every document but the last, and when each was read. */
  readonly outdated: { document: ChannelOrder; readAtMs: number }[];
  readAtMs: number;
  /** When a cancel was told that came before the order. */
  readonly noticeAtMs: number | null;
  readonly holds: Set<string>;
  readonly parts: Part[];
  /** Its rule has asked for an invoice that stands. */
  isBilled: boolean;
};

export type Parcel = {
  readonly id: ShipmentId;
  readonly number: number;
  readonly house: number;
  readonly mergeKey: string;
  state: ShipmentState;
  readonly units: Map<string, number>;
};

export type ReturnedLine = { quantity: number; restock: number; scrap: number; none: number };
export type Return = {
  readonly key: string;
  readonly order: Order;
  state: 'open' | 'decided' | 'withdrawn';
  readonly lines: Map<string, ReturnedLine>;
};

type RefundedUnits = { readonly line: string; readonly quantity: number; readonly unshipped: number };
export type Refund = {
  readonly order: Order;
  readonly returnKey: string | null;
  readonly isAskedHere: boolean;
  state: 'asked' | 'made';
  externalId: string | null;
  readonly amountMinor: number;
  readonly shippingMinor: number;
  readonly units: readonly RefundedUnits[];
};

export type Model = {
  /** By SKU and warehouse. */
  readonly onHand: Map<string, number>;
  readonly orders: Order[];
  readonly parcels: Map<ShipmentId, Parcel>;
  readonly returns: Return[];
  readonly refunds: Refund[];
};

/** Shops 0 and 1 sell and are served by both warehouses; shop 2 only lists, and is served by the second. */
export const housesOfShop: readonly (readonly number[])[] = [[0, 1], [0, 1], [1]];
/** Units of the SKU in one unit of its listing. */
export const unitsPerListing: readonly number[] = [1, 3, 1];
export const unitPriceMinor: readonly number[] = [1_099, 3_333, 250];

export const newModel = (): Model => ({
  onHand: new Map(),
  orders: [],
  parcels: new Map(),
  returns: [],
  refunds: [],
});

export const levelOf = (sku: number, house: number): string => `${sku}/${house}`;
export const isOpen = ({ state }: Pick<Parcel, 'state'>): boolean => state !== 'shipped' && state !== 'cancelled';
/** From packing on goods stay as they are. */
export const isPacked = ({ state }: Pick<Parcel, 'state'>): boolean => state === 'packed' || state === 'labelled';

export function openParcels(model: Model): Parcel[] {
  return [...model.parcels.values()].filter(isOpen).toSorted((a, b) => a.number - b.number);
}

export function sum<Item>(items: Iterable<Item>, unitsOf: (item: Item) => number): number {
  let total = 0;
  for (const item of items) total += unitsOf(item);
  return total;
}

export function reservedOf(model: Model, part: Part): number {
  return sum(model.parcels.values(), (parcel) => (isOpen(parcel) ? (parcel.units.get(part.key) ?? 0) : 0));
}

export function reservedAt(model: Model, sku: number, house: number): number {
  const own = new Set(partsOf(model).flatMap((part) => (part.sku === sku ? [part.key] : [])));
  return sum(openParcels(model), (parcel) =>
    parcel.house === house ? sum(parcel.units, ([key, units]) => (own.has(key) ? units : 0)) : 0,
  );
}

export const partsOf = (model: Model): Part[] => model.orders.flatMap((order) => order.parts);

export function freeUnits(model: Model, sku: number): number {
  return sum([0, 1], (house) => (model.onHand.get(levelOf(sku, house)) ?? 0) - reservedAt(model, sku, house));
}

/** What a shop may promise: what its warehouses have free, less what waits in every shop that any of those serves. */
export function promised(model: Model, shop: number, sku: number): number {
  const houses = housesOfShop[shop] ?? [];
  const free = sum(houses, (house) => (model.onHand.get(levelOf(sku, house)) ?? 0) - reservedAt(model, sku, house));
  const claimants = new Set(
    housesOfShop.flatMap((others, index) => (others.some((house) => houses.includes(house)) ? [index] : [])),
  );
  const claimed = sum(model.orders, (order) =>
    claimants.has(order.shop) ? sum(order.parts, (part) => (part.sku === sku ? part.demand : 0)) : 0,
  );
  return free - claimed;
}

export function isCancelled({ document, noticeAtMs, readAtMs }: Order): boolean {
  return document.cancelledAt !== null || (noticeAtMs !== null && readAtMs <= noticeAtMs);
}

export function orderOfPart(model: Model, key: string): Order {
  const order = model.orders.find((one) => one.parts.some((part) => part.key === key));
  if (order === undefined) throw new Error(`no part ${key} in the model`);
  return order;
}

export function partOf(model: Model, key: string): Part {
  const part = partsOf(model).find((one) => one.key === key);
  if (part === undefined) throw new Error(`no part ${key} in the model`);
  return part;
}

/** Held and cancelled orders stop the parcels that hold units of theirs. */
export function isBlocked(model: Model, parcel: Parcel): boolean {
  return [...parcel.units.keys()].some((key) => {
    const order = orderOfPart(model, key);
    return order.holds.size > 0 || isCancelled(order);
  });
}

/** Takes units out of a parcel; one that is left empty is cancelled. */
export function takeOut(parcel: Parcel, key: string, units: number): void {
  putIn(parcel, key, -units);
  if (parcel.units.size === 0) parcel.state = 'cancelled';
}

export function putIn(parcel: Parcel, key: string, units: number): void {
  const left = (parcel.units.get(key) ?? 0) + units;
  if (left === 0) parcel.units.delete(key);
  else parcel.units.set(key, left);
}

export function addOnHand(model: Model, sku: number, house: number, units: number): void {
  const key = levelOf(sku, house);
  model.onHand.set(key, (model.onHand.get(key) ?? 0) + units);
}

/** Who comes first gets first: paid before unpaid, then by when it was placed. */
export function rankOf({ document }: Order): number {
  return Date.parse(document.placedAt) + (document.paidAt === null ? Date.UTC(2030) : 0);
}

/** Units of a line that left and are in no return. */
export function returnable(model: Model, order: Order, part: Part): number {
  const returned = sum(model.returns, (one) =>
    one.order === order && one.state !== 'withdrawn' ? (one.lines.get(part.line)?.quantity ?? 0) : 0,
  );
  return Math.floor(part.shipped / part.per) - returned;
}

/** Done, of units of its parts: nothing, all, or some. */
export function fulfilmentOf({ parts }: Order): 'open' | 'partly_shipped' | 'shipped' {
  if (sum(parts, (part) => part.shipped) === 0) return 'open';
  return sum(parts, (part) => part.ordered - part.cancelled - part.shipped) === 0 ? 'shipped' : 'partly_shipped';
}

/** The shop's rule: an invoice once an order has left whole; none, or a credit of all, for one that is cancelled. */
export function bill(order: Order): void {
  if (isCancelled(order)) order.isBilled = false;
  else if (fulfilmentOf(order) === 'shipped') order.isBilled = true;
}
