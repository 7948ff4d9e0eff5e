import { mergeShipments, splitShipment, withdrawUnits } from '../../../src/fulfilment/index.ts';
import { ordersOf } from './goods-commands.ts';
import {
  isBlocked,
  isPacked,
  openParcels,
  orderOfPart,
  partsOf,
  putIn,
  reservedOf,
  sum,
  takeOut,
  type Parcel,
} from './model.ts';
import { withdraw } from './rules.ts';
import { command, expectRefused, owe, pick, run, seenPart, type Command, type Real } from './walk.ts';

export function withdrawCommand(seed: number, quantity: number): Command {
  return command(`withdraw ${quantity} of ${seed}`, async (model, real) => {
    const reserved = partsOf(model).filter((part) => reservedOf(model, part) > 0);
    if (reserved.length === 0) return false;
    const part = pick(reserved, seed);
    const order = orderOfPart(model, part.key);
    const { id: partId } = seenPart(real, order, part.line);
    await run(real, (ctx) => withdrawUnits(ctx, [{ partId, quantity }]));
    const back = withdraw(model, part, quantity);
    part.demand += back;
    if (back > 0) owe(real, order, 'units_withdrawn');
  });
}

/** State travels with the unit. Orders, levels and what waits stay as they are. */
export function splitCommand(seed: number, quantity: number): Command {
  return command(`split ${quantity} off ${seed}`, async (model, real) => {
    const open = openParcels(model);
    if (open.length === 0) return false;
    const parcel = pick(open, seed);
    const [key, held] = pick(
      [...parcel.units].toSorted(([a], [b]) => (a < b ? -1 : 1)),
      seed,
    );
    const shipmentLineId = lineOf(
      real,
      parcel,
      seenPart(real, orderOfPart(model, key), key.split('/').at(-1) ?? '').id,
    );
    const lines = [{ shipmentLineId, quantity }];
    const split = run(real, (ctx) => splitShipment(ctx, { shipmentId: parcel.id, lines }));
    if (isPacked(parcel)) return expectRefused(split, 'shipment.too_far');
    if (quantity > held || quantity === sum(parcel.units.values(), Number))
      return expectRefused(split, 'input.invalid');
    const { shipmentId: id } = await split;
    takeOut(parcel, key, quantity);
    const number = Math.max(...[...model.parcels.values()].map((one) => one.number)) + 1;
    model.parcels.set(id, { ...parcel, id, number, units: new Map([[key, quantity]]) });
    owe(real, orderOfPart(model, key), 'shipment_split');
  });
}

function lineOf(real: Real, parcel: Parcel, partId: string) {
  const lines = real.seen.parcels.find(({ id }) => id === parcel.id)?.lines ?? [];
  const line = lines.find((one) => one.partId === partId);
  if (line === undefined) throw new Error('no such line was seen');
  return line.id;
}

/** Into the lowest number. One warehouse, one receiver of one shop, one state before picking, and nobody held. */
export function mergeCommand(seed: number, count: number): Command {
  return command(`merge ${count} from ${seed}`, async (model, real) => {
    const open = openParcels(model);
    if (open.length < 2) return false;
    const first = pick(open, seed);
    const alike = open.filter((one) => one.house === first.house && one.mergeKey === first.mergeKey);
    const among = alike.length > 1 ? alike : open;
    const chosen = among.slice(0, Math.max(2, Math.min(count, among.length)));
    const [target, ...others] = chosen;
    if (target === undefined) return false;
    const merge = run(real, (ctx) => mergeShipments(ctx, { shipmentIds: chosen.toReversed().map(({ id }) => id) }));
    const isEarly = target.state === 'planned' || target.state === 'released';
    const isSame = (one: Parcel): boolean =>
      one.state === target.state && one.house === target.house && one.mergeKey === target.mergeKey;
    if (!isEarly || !others.every(isSame)) return expectRefused(merge, 'shipment.not_mergeable');
    if (chosen.some((one) => isBlocked(model, one))) return expectRefused(merge, 'shipment.order_blocked');
    await merge;
    for (const other of others) {
      for (const order of ordersOf(model, other)) owe(real, order, 'shipments_merged');
      for (const [key, units] of other.units) {
        takeOut(other, key, units);
        putIn(target, key, units);
      }
    }
  });
}
