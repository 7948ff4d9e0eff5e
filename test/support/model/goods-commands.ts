import { expect } from 'vitest';
import { adjustStock, advanceShipments, allocate, shipOut } from '../../../src/fulfilment/index.ts';
import { receive } from '../factories/stock.ts';
import {
  addOnHand,
  bill,
  freeUnits,
  isBlocked,
  isOpen,
  levelOf,
  openParcels,
  orderOfPart,
  partOf,
  rankOf,
  reservedAt,
  reservedOf,
  takeOut,
  type Model,
  type Order,
  type Parcel,
} from './model.ts';
import { lose, type Reserved } from './rules.ts';
import { command, expectRefused, houseAt, orderKey, owe, pick, run, skuAt, type Command, type Real } from './walk.ts';

export function receiveCommand(skuSeed: number, houseSeed: number, quantity: number): Command {
  return command(`receive ${quantity} of ${skuSeed} in ${houseSeed}`, async (model, real) => {
    const [{ sku, skuId }, { house, warehouseId }] = [skuAt(real, skuSeed), houseAt(real, houseSeed)];
    await run(real, (ctx) => receive(ctx, [{ skuId, warehouseId, quantity }]));
    addOnHand(model, sku, house, quantity);
  });
}

/** Both warehouses serve whoever sells, so what is reserved depends on rank and totals; where it lies is the planner's. */
export function allocateCommand(limit: number): Command {
  return command(`allocate ${limit} at a time`, async (model, real) => {
    while ((await run(real, (ctx) => allocate(ctx, limit))).more);
    const reserved = new Map(model.orders.map((order) => [order, reserveUnits(model, order)]));
    const rest = new Map(
      model.orders.flatMap((order) => order.parts.map((part) => [part.sku, freeUnits(model, part.sku)])),
    );
    const turns = model.orders.filter((order) => order.holds.size === 0).toSorted((a, b) => rankOf(a) - rankOf(b));
    for (const order of turns) {
      for (const part of order.parts) {
        const units = Math.min(part.demand, rest.get(part.sku) ?? 0);
        if (units === 0) continue;
        part.demand -= units;
        rest.set(part.sku, (rest.get(part.sku) ?? 0) - units);
        const own = reserved.get(order);
        own?.set(part.key, (own.get(part.key) ?? 0) + units);
        owe(real, order, 'allocated');
      }
    }
    await adoptParcels(model, real);
    for (const [order, units] of reserved) expect(reserveUnits(model, order)).toEqual(units);
  });
}

function reserveUnits(model: Model, order: Order): Map<string, number> {
  return new Map(order.parts.map((part) => [part.key, reservedOf(model, part)]));
}

/** Takes the parcels over as they are seen: planned ones may have grown, new ones are planned and of one order. */
async function adoptParcels(model: Model, real: Real): Promise<void> {
  const seen = await real.world.observer.see(real.walk);
  const orders = new Map(seen.orders.map((order) => [order.id, orderKey(order)]));
  const keys = new Map(seen.parts.map((part) => [part.id, `${orders.get(part.orderId)}/${part.line}`]));
  for (const { id, number, house, state, lines } of seen.parcels) {
    const units = new Map(
      lines.flatMap((line) => (line.units > 0 ? [[keys.get(line.partId) ?? '', line.units] as const] : [])),
    );
    const known = model.parcels.get(id);
    if (known === undefined) {
      const [order, ...others] = new Set([...units.keys()].map((key) => orderOfPart(model, key)));
      expect([state, others]).toEqual(['planned', []]);
      if (order === undefined) throw new Error('a parcel was planned for nothing');
      model.parcels.set(id, { id, number, house, state, mergeKey: mergeKeyOf(order), units });
    } else if (known.state === 'planned') {
      const shrunk = [...known.units].filter(([key, before]) => (units.get(key) ?? 0) < before);
      expect(shrunk).toEqual([]);
      for (const [key, held] of units) known.units.set(key, held);
    }
  }
}

function mergeKeyOf(order: Order): string {
  return `${order.shop} ${order.document.receiver?.address.name}`;
}

export function shipCommand(seed: number): Command {
  return command(`ship ${seed}`, async (model, real) => {
    const open = openParcels(model);
    if (open.length === 0) return false;
    const parcel = pick(open, seed);
    const input = {
      shipmentId: parcel.id,
      carrier: 'DHL',
      trackingNumber: `${parcel.id}`,
      trackingUrl: null,
      service: null,
    };
    const ship = run(real, (ctx) => shipOut(ctx, [input]));
    if (isBlocked(model, parcel)) return expectRefused(ship, 'shipment.order_blocked');
    await ship;
    parcel.state = 'shipped';
    for (const [key, units] of parcel.units) {
      const part = partOf(model, key);
      part.shipped += units;
      addOnHand(model, part.sku, parcel.house, -units);
      owe(real, orderOfPart(model, key), 'shipped');
    }
    for (const order of ordersOf(model, parcel)) bill(order);
  });
}

export const ordersOf = (model: Model, { units }: Parcel): Set<Order> =>
  new Set([...units.keys()].map((key) => orderOfPart(model, key)));

const forward = {
  planned: 'released',
  released: 'picked',
  picked: 'packed',
  packed: 'labelled',
  labelled: 'packed',
} as const;
const backward = {
  planned: 'released',
  released: 'planned',
  picked: 'released',
  packed: 'picked',
  labelled: 'packed',
} as const;

export function advanceCommand(seed: number, isBack: boolean): Command {
  return command(`${isBack ? 'retreat' : 'advance'} ${seed}`, async (model, real) => {
    const open = openParcels(model);
    if (open.length === 0) return false;
    const parcel = pick(open, seed);
    if (parcel.state === 'shipped' || parcel.state === 'cancelled') return false;
    const to = (isBack ? backward : forward)[parcel.state];
    const goesOn = !isBack ? parcel.state !== 'labelled' : parcel.state === 'planned';
    const advance = run(real, (ctx) => advanceShipments(ctx, [{ shipmentId: parcel.id, to }]));
    if (goesOn && isBlocked(model, parcel)) return expectRefused(advance, 'shipment.order_blocked');
    await advance;
    parcel.state = to;
    for (const order of ordersOf(model, parcel)) owe(real, order, 'parcel_moved');
  });
}

/** A count or a loss: what is reserved beyond what lies there goes back to waiting, and packed parcels are not opened. */
export function adjustCommand(skuSeed: number, houseSeed: number, delta: number): Command {
  return command(`adjust ${delta} of ${skuSeed} in ${houseSeed}`, async (model, real) => {
    const [{ sku, skuId }, { house, warehouseId }] = [skuAt(real, skuSeed), houseAt(real, houseSeed)];
    const onHand = model.onHand.get(levelOf(sku, house)) ?? 0;
    if (onHand + delta < 0 && reservedAt(model, sku, house) === 0) return false;
    const given = lose(
      reservedLines(model, real, sku, house),
      Math.max(0, reservedAt(model, sku, house) - (onHand + delta)),
    );
    const line = { skuId, warehouseId, delta, reason: 'counted' as const, note: null };
    const adjust = run(real, (ctx) => adjustStock(ctx, [line]));
    if (given === null || onHand + delta < 0) return expect(adjust).rejects.toMatchObject({ kind: 'conflict' });
    await adjust;
    addOnHand(model, sku, house, delta);
    for (const {
      line: { parcel, part },
      units,
    } of given) {
      takeOut(parcel, part.key, units);
      part.demand += units;
      owe(real, orderOfPart(model, part.key), 'units_lost');
    }
  });
}

function reservedLines(model: Model, real: Real, sku: number, house: number): Reserved[] {
  const keys = new Map(
    model.orders.flatMap((order) => order.parts.map((part) => [part.key, { part, rank: rankOf(order) }] as const)),
  );
  const orders = new Map(real.seen.orders.map((order) => [order.id, orderKey(order)]));
  const parts = new Map(real.seen.parts.map((part) => [part.id, `${orders.get(part.orderId)}/${part.line}`]));
  return real.seen.parcels.flatMap(({ id, lines }) => {
    const parcel = model.parcels.get(id);
    if (parcel === undefined || !isOpen(parcel) || parcel.house !== house) return [];
    return lines.flatMap((line) => {
      const found = keys.get(parts.get(line.partId) ?? '');
      return line.units > 0 && found?.part.sku === sku ? [{ ...found, parcel, lineId: line.id }] : [];
    });
  });
}
