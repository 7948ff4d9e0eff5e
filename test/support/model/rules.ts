import type { ChannelOrder } from '../../../src/connector-kit/index.ts';
import {
  bill,
  isCancelled,
  isOpen,
  isPacked,
  reservedOf,
  takeOut,
  unitsPerListing,
  type Model,
  type Order,
  type Parcel,
  type Part,
} from './model.ts';

const floor = ['planned', 'released', 'picked'];

/** Brings back up to so many units of a part, from the parcel that came least far and, of equals, is the newest. */
export function withdraw(model: Model, part: Part, wanted: number): number {
  const loose = [...model.parcels.values()]
    .filter((parcel) => isOpen(parcel) && !isPacked(parcel) && parcel.units.has(part.key))
    .toSorted((a, b) => floor.indexOf(a.state) - floor.indexOf(b.state) || b.number - a.number);
  let left = wanted;
  for (const parcel of loose) {
    const units = Math.min(left, parcel.units.get(part.key) ?? 0);
    if (units > 0) takeOut(parcel, part.key, units);
    left -= units;
  }
  return wanted - left;
}

/** Open lines of which a loss may take, with what decides who gives first. */
export type Reserved = { readonly parcel: Parcel; readonly part: Part; readonly rank: number; readonly lineId: string };

/** Picked goods last, then who came last gives first. What is packed gives nothing: null where that would be needed. */
export function lose(lines: readonly Reserved[], wanted: number): { line: Reserved; units: number }[] | null {
  const given: { line: Reserved; units: number }[] = [];
  let left = wanted;
  const order = lines
    .filter(({ parcel }) => !isPacked(parcel))
    .toSorted(
      (a, b) =>
        Number(a.parcel.state === 'picked') - Number(b.parcel.state === 'picked') ||
        b.rank - a.rank ||
        (a.lineId < b.lineId ? 1 : -1),
    );
  for (const line of order) {
    const units = Math.min(left, line.parcel.units.get(line.part.key) ?? 0);
    if (units > 0) given.push({ line, units });
    left -= units;
  }
  return left > 0 ? null : given;
}

export function partKey(order: Pick<Order, 'key'>, line: string): string {
  return `${order.key}/${line}`;
}

/** Takes in a document that is news: units, holds, invoices. Answers whether it came too late for packed goods. */
export function takeDocument(model: Model, order: Order, document: ChannelOrder, readAtMs: number): boolean {
  const hasMoved = document.receiver?.address.name !== order.document.receiver?.address.name;
  order.document = document;
  order.readAtMs = readAtMs;
  for (const line of document.lines) {
    const listing = Number(line.listingExternalId?.split('/').at(-1));
    const known = order.parts.find((part) => part.line === line.externalId);
    if (known === undefined) order.parts.push(newPart(order, line.externalId, listing));
    for (const part of order.parts) if (part.line === line.externalId) part.quantity = line.quantity;
  }
  let isTooLate = false;
  for (const part of order.parts) {
    if (changePart(model, part, targetOf(order, part), hasMoved)) isTooLate = true;
  }
  if (document.paymentState === 'unpaid') order.holds.add('unpaid');
  else order.holds.delete('unpaid');
  if (isTooLate) order.holds.add('manual');
  bill(order);
  return isTooLate;
}

function newPart(order: Order, line: string, sku: number): Part {
  const none = { quantity: 0, ordered: 0, cancelled: 0, shipped: 0, demand: 0 };
  return { key: partKey(order, line), line, sku, per: unitsPerListing[sku] ?? 1, ...none };
}

/** What was sold is never forgotten: what the channel dropped or cancelled counts as cancelled, but for what has left. */
function targetOf(order: Order, part: Part): { ordered: number; cancelled: number } {
  const line = order.document.lines.find((one) => one.externalId === part.line);
  const sold = (line?.quantity ?? 0) * part.per;
  const wanted = isCancelled(order) ? 0 : sold - (line?.cancelledQuantity ?? 0) * part.per;
  const ordered = Math.max(part.ordered, sold);
  return { ordered, cancelled: Math.min(ordered - wanted, ordered - part.shipped) };
}

/** More is claimed; less comes off what waits, then off loose parcels. True where packed goods stood in the way. */
function changePart(
  model: Model,
  part: Part,
  target: { ordered: number; cancelled: number },
  hasMoved: boolean,
): boolean {
  const reserved = reservedOf(model, part);
  const more = target.ordered - target.cancelled - (part.ordered - part.cancelled);
  part.ordered = target.ordered;
  if (more >= 0) {
    part.cancelled = target.cancelled;
    part.demand += more;
  }
  const waiting = Math.min(Math.max(0, -more), part.demand);
  const owed = Math.max(0, -more) - waiting;
  const wanted = hasMoved ? reserved : owed;
  const back = withdraw(model, part, wanted);
  const cancelledNow = Math.min(back, owed);
  part.demand += back - cancelledNow - waiting;
  if (more < 0) part.cancelled = target.cancelled - (owed - cancelledNow);
  return back < wanted;
}
