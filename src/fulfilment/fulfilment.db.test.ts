import { sql } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import {
  freedDemandMarker,
  makeOrders,
  makeWorld,
  readLevel,
  receive,
  type NewTestOrder,
} from '../../test/support/factories/stock.ts';
import { newId, type OrderId, type PartId, type ShipmentId, type SkuId, type WarehouseId } from '../kernel/index.ts';
import { placeHolds } from '../orders/index.ts';
import { listExceptions } from '../platform/exceptions/index.ts';
import { rows } from '../platform/db/index.ts';
import { runChecks } from '../platform/invariant/index.ts';
import { readDemand, stockChecks } from '../stock/index.ts';
import {
  adjustStock,
  advanceShipments,
  allocate,
  correctTracking,
  fulfilmentChecks,
  getShipment,
  listShipments,
  mergeShipments,
  shipOut,
  splitShipment,
  withdrawUnits,
  type ShipmentDetail,
} from './index.ts';

const database = useDatabase({ markers: [freedDemandMarker] });
const checks = [...stockChecks, ...fulfilmentChecks];

afterEach(async () => {
  const lines = await runChecks(database, checks);
  expect(lines.map(({ check, result }) => [check.name, result.differences])).toEqual(checks.map(({ name }) => [name, []]));
});

const tracking = { carrier: 'DHL', trackingNumber: 'T1', trackingUrl: null };
const at = <Item>(items: readonly Item[], index = 0): Item => {
  const item = items[index];
  if (item === undefined) throw new Error(`no item ${index}`);
  return item;
};

type Stocked = readonly (readonly number[])[];

/** `stocked[sku][warehouse]` units; then each order's lines as `[sku, quantity]`. */
async function open(stocked: Stocked, orders: readonly { lines: [number, number][]; more?: Partial<NewTestOrder> }[]) {
  return database.run(async (ctx) => {
    const world = await makeWorld(ctx, { skus: stocked.length, warehouses: at(stocked).length });
    await receive(
      ctx,
      stocked.flatMap((units, sku) =>
        units.flatMap((quantity, house) =>
          quantity === 0 ? [] : [{ skuId: at(world.skuIds, sku), warehouseId: at(world.warehouseIds, house), quantity }],
        ),
      ),
    );
    const made = await makeOrders(
      ctx,
      orders.map(({ lines, more }, index) => ({
        shopId: at(world.shopIds),
        placedAt: new Date(Date.UTC(2026, 0, 1) + index),
        mergeKey: 'one receiver',
        lines: lines.map(([sku, quantity]) => ({ skuId: at(world.skuIds, sku), quantity })),
        ...more,
      })),
    );
    return { ...world, orders: made };
  });
}

const allocateAll = () => database.run((ctx) => allocate(ctx, 500));

async function shipmentsOf(orderId: OrderId): Promise<ShipmentDetail[]> {
  const page = await database.read((db) => listShipments(db, { after: null, limit: 50 }, { orderId }));
  const found = await Promise.all(page.items.map((item) => detail(item.shipmentId)));
  return found.toSorted((a, b) => a.number - b.number);
}

async function detail(shipmentId: ShipmentId): Promise<ShipmentDetail> {
  const found = await database.read((db) => getShipment(db, shipmentId));
  if (found === null) throw new Error('no shipment');
  return found;
}

const contents = (shipment: ShipmentDetail) =>
  shipment.lines.filter((line) => line.quantity > 0).map((line) => [line.partId, line.quantity]);
const level = (skuId: SkuId, warehouseId: WarehouseId) => database.read((db) => readLevel(db, skuId, warehouseId));
const demandOf = async (partId: PartId) => (await database.read((db) => readDemand(db, [partId]))).get(partId)?.quantity;
const timeline = async (orderId: OrderId) =>
  (
    await database.read((db) =>
      rows<{ kind: string }>(db, sql`select kind from order_timeline where order_id = ${orderId} order by id`),
    )
  ).map(({ kind }) => kind);

test('an order of five with three in A and two in B leaves in two parcels', async () => {
  const { orders, warehouseIds, skuIds } = await open([[3, 2]], [{ lines: [[0, 5]] }]);
  expect(await allocateAll()).toEqual({ assigned: 5, short: 0, more: false });
  const parcels = await shipmentsOf(at(orders).orderId);
  expect(parcels.map((parcel) => [parcel.warehouseId, parcel.units, parcel.state])).toEqual([
    [at(warehouseIds, 0), 3, 'planned'],
    [at(warehouseIds, 1), 2, 'planned'],
  ]);
  expect(await level(at(skuIds), at(warehouseIds))).toEqual({ onHand: 3, reserved: 3 });
  expect(at(parcels).reasons).toMatchObject({ policy: 'fewest_parcels' });
  expect(await timeline(at(orders).orderId)).toEqual(['allocated']);
});

test('a line of thirteen with six free in A and thirteen in B never takes more than is free', async () => {
  const set = await open([[10, 13]], [{ lines: [[0, 4]] }, { lines: [[0, 13]] }]);
  await allocateAll();
  expect((await shipmentsOf(at(set.orders, 1).orderId)).map((parcel) => [parcel.warehouseId, parcel.units])).toEqual([
    [at(set.warehouseIds, 1), 13],
  ]);
  expect(await level(at(set.skuIds), at(set.warehouseIds, 0))).toEqual({ onHand: 10, reserved: 4 });
});

test('what there is goes at once, the rest waits and joins the planned parcel when goods come in', async () => {
  const { orders, skuIds, warehouseIds } = await open([[1], [2]], [{ lines: [[0, 3], [1, 1]] }]);
  expect(await allocateAll()).toEqual({ assigned: 2, short: 2, more: false });
  expect(await allocateAll()).toEqual({ assigned: 0, short: 0, more: false });
  await database.run((ctx) => receive(ctx, [{ skuId: at(skuIds), warehouseId: at(warehouseIds), quantity: 5 }]));
  expect(await allocateAll()).toEqual({ assigned: 2, short: 0, more: false });
  const parcels = await shipmentsOf(at(orders).orderId);
  expect(parcels).toHaveLength(1);
  expect(new Map(at(parcels).lines.map((line) => [line.skuId, line.quantity]))).toEqual(new Map([[at(skuIds), 3], [at(skuIds, 1), 1]]));
});

test('a held order is not allocated, keeps its claim, and goes when the hold does', async () => {
  const { orders } = await open([[5]], [{ lines: [[0, 1]], more: { isHeld: true } }]);
  expect(await allocateAll()).toEqual({ assigned: 0, short: 0, more: false });
  expect(await shipmentsOf(at(orders).orderId)).toEqual([]);
});

test('waiting orders get what comes in before newer ones', async () => {
  const { orders, skuIds, warehouseIds, shopIds } = await open([[0]], [{ lines: [[0, 1]] }]);
  await allocateAll();
  await database.run(async (ctx) => {
    await makeOrders(ctx, [{ shopId: at(shopIds), lines: [{ skuId: at(skuIds), quantity: 1 }] }]);
    await receive(ctx, [{ skuId: at(skuIds), warehouseId: at(warehouseIds), quantity: 1 }]);
  });
  expect(await allocateAll()).toEqual({ assigned: 1, short: 1, more: false });
  expect(await shipmentsOf(at(orders).orderId)).toHaveLength(1);
});

test('shipping out consumes the reservation, counts the parts, and says so once', async () => {
  const { orders, skuIds, warehouseIds } = await open([[3]], [{ lines: [[0, 2]] }]);
  await allocateAll();
  const { shipmentId } = at(await shipmentsOf(at(orders).orderId));
  const input = { shipmentId, service: null, ...tracking };
  const events: string[] = [];
  const outcome = await database.run(async (ctx) => {
    const answers = await shipOut(ctx, [input]);
    events.push(...ctx.events.map((event) => event.kind));
    return answers;
  });
  expect(outcome).toEqual([{ shipmentId, outcome: 'shipped' }]);
  expect(events).toContain('shipment.shipped');
  expect(await level(at(skuIds), at(warehouseIds))).toEqual({ onHand: 1, reserved: 0 });
  expect(await timeline(at(orders).orderId)).toEqual(['allocated', 'shipped']);
  expect(await database.run((ctx) => shipOut(ctx, [input]))).toEqual([{ shipmentId, outcome: 'unchanged' }]);
  await expect(database.run((ctx) => shipOut(ctx, [{ ...input, trackingNumber: 'T2' }]))).rejects.toMatchObject({
    kind: 'conflict',
    code: 'shipment.already_shipped',
  });
  expect(await timeline(at(orders).orderId)).toEqual(['allocated', 'shipped']);
});

test('a held or cancelled order stops its parcel, and the whole batch with it', async () => {
  const set = await open([[9]], [{ lines: [[0, 1]] }, { lines: [[0, 1]] }, { lines: [[0, 1]] }]);
  await allocateAll();
  const inputs = await Promise.all(
    set.orders.map(async ({ orderId }) => ({
      shipmentId: at(await shipmentsOf(orderId)).shipmentId,
      service: null,
      ...tracking,
    })),
  );
  await database.run(async (ctx) => {
    await placeHolds(ctx, [{ orderId: at(set.orders, 0).orderId, kind: 'fraud', cause: {} }]);
    await rows(ctx.tx, sql`update orders set cancelled_at = ${ctx.now} where id = ${at(set.orders, 1).orderId}`);
  });
  await expect(database.run((ctx) => shipOut(ctx, inputs))).rejects.toMatchObject({
    code: 'shipment.order_blocked',
    data: { orders: [{ holds: ['fraud'] }, { isCancelled: true }] },
  });
  expect(await level(at(set.skuIds), at(set.warehouseIds))).toEqual({ onHand: 9, reserved: 3 });
});

test('corrected tracking is an update of a parcel that has left', async () => {
  const { orders } = await open([[1]], [{ lines: [[0, 1]] }]);
  await allocateAll();
  const { shipmentId } = at(await shipmentsOf(at(orders).orderId));
  await expect(
    database.run((ctx) => correctTracking(ctx, [{ shipmentId, ...tracking, trackingNumber: 'T9' }])),
  ).rejects.toMatchObject({ code: 'shipment.not_shipped' });
  await database.run((ctx) => shipOut(ctx, [{ shipmentId, service: 'express', ...tracking }]));
  const correct = (trackingNumber: string) =>
    database.run(async (ctx) => {
      const changed = await correctTracking(ctx, [{ shipmentId, ...tracking, trackingNumber }]);
      return { changed, kinds: ctx.events.map((event) => event.kind) };
    });
  expect(await correct('T9')).toEqual({ changed: [shipmentId], kinds: ['shipment.tracking_corrected'] });
  expect(await correct('T9')).toEqual({ changed: [], kinds: [] });
  expect(await detail(shipmentId)).toMatchObject({ trackingNumber: 'T9', service: 'express', state: 'shipped' });
});

test('three orders merged into one parcel keep their identity, and splitting restores three shipments', async () => {
  const set = await open([[9], [9]], [{ lines: [[0, 1], [1, 2]] }, { lines: [[0, 3]] }, { lines: [[1, 1]] }]);
  await allocateAll();
  const before = await Promise.all(set.orders.map(async ({ orderId }) => at(await shipmentsOf(orderId))));
  const ids = before.map((parcel) => parcel.shipmentId);
  const money = () =>
    database.read((db) =>
      rows(db, sql`select id, number, total_minor, version from orders where shop_id = ${at(set.shopIds)} order by id`),
    );
  const sold = await money();
  const merged = await database.run((ctx) => mergeShipments(ctx, { shipmentIds: [...ids].reverse() }));
  expect(merged.shipmentId).toBe(ids[0]);
  const one = await detail(merged.shipmentId);
  expect(one.orders.map((order) => order.orderId)).toEqual(set.orders.map((order) => order.orderId));
  expect(one.units).toBe(7);
  expect((await Promise.all(ids.slice(1).map(detail))).map((parcel) => [parcel.state, parcel.units])).toEqual([
    ['cancelled', 0],
    ['cancelled', 0],
  ]);
  for (const { orderId } of set.orders.slice(1)) {
    const lines = one.lines.filter((line) => line.orderId === orderId);
    await database.run((ctx) => splitShipment(ctx, { shipmentId: merged.shipmentId, lines }));
  }
  const after = await Promise.all(
    set.orders.map(async ({ orderId }) => (await shipmentsOf(orderId)).filter((parcel) => parcel.units > 0)),
  );
  expect(after.map((parcels) => parcels.map(contents))).toEqual(before.map((parcel) => [contents(parcel)]));
  expect(after.flat().map((parcel) => parcel.state)).toEqual(['planned', 'planned', 'planned']);
  expect(await money()).toEqual(sold);
});

test('shipping a merged parcel ships every order in it', async () => {
  const set = await open([[9]], [{ lines: [[0, 1]] }, { lines: [[0, 3]] }]);
  await allocateAll();
  const ids = await Promise.all(set.orders.map(async ({ orderId }) => at(await shipmentsOf(orderId)).shipmentId));
  const { shipmentId } = await database.run((ctx) => mergeShipments(ctx, { shipmentIds: ids }));
  await database.run((ctx) => shipOut(ctx, [{ shipmentId, service: null, ...tracking }]));
  const states = await database.read((db) =>
    rows<{ state: string }>(
      db,
      sql`select fulfilment_state as state from orders where shop_id = ${at(set.shopIds)}`,
    ),
  );
  expect(states.map(({ state }) => state)).toEqual(['shipped', 'shipped']);
});

test('shipments of two receivers, two warehouses or two states are not merged', async () => {
  const other = { mergeKey: 'another receiver' };
  const set = await open([[1, 9]], [{ lines: [[0, 1]] }, { lines: [[0, 1]] }, { lines: [[0, 1]], more: other }, { lines: [[0, 1]] }]);
  await allocateAll();
  const ids = await Promise.all(set.orders.map(async ({ orderId }) => at(await shipmentsOf(orderId)).shipmentId));
  await database.run((ctx) => advanceShipments(ctx, [{ shipmentId: at(ids, 3), to: 'released' }]));
  const merge = (a: number, b: number) =>
    database.run((ctx) => mergeShipments(ctx, { shipmentIds: [at(ids, a), at(ids, b)] }));
  await expect(merge(0, 1)).rejects.toMatchObject({ code: 'shipment.not_mergeable', data: { why: 'warehouse' } });
  await expect(merge(1, 2)).rejects.toMatchObject({ data: { why: 'receiver' } });
  await expect(merge(1, 3)).rejects.toMatchObject({ data: { why: 'state' } });
});

test('a split parcel keeps the state of its units, and short units stay demand', async () => {
  const { orders } = await open([[3]], [{ lines: [[0, 5]] }]);
  await allocateAll();
  const parcel = at(await shipmentsOf(at(orders).orderId));
  await database.run((ctx) => advanceShipments(ctx, [{ shipmentId: parcel.shipmentId, to: 'released' }]));
  await database.run((ctx) => advanceShipments(ctx, [{ shipmentId: parcel.shipmentId, to: 'picked' }]));
  const line = at(parcel.lines);
  const { shipmentId } = await database.run((ctx) =>
    splitShipment(ctx, { shipmentId: parcel.shipmentId, lines: [{ ...line, quantity: 1 }] }),
  );
  expect([await detail(parcel.shipmentId), await detail(shipmentId)].map((one) => [one.state, one.units])).toEqual([
    ['picked', 2],
    ['picked', 1],
  ]);
  expect(await demandOf(line.partId)).toBe(2);
  await expect(
    database.run((ctx) => splitShipment(ctx, { shipmentId, lines: [{ ...at((parcel.lines)), quantity: 1 }] })),
  ).rejects.toMatchObject({ kind: 'invalid' });
  await database.run((ctx) => advanceShipments(ctx, [{ shipmentId, to: 'packed' }]));
  const packed = at((await detail(shipmentId)).lines);
  await expect(
    database.run((ctx) => splitShipment(ctx, { shipmentId, lines: [packed] })),
  ).rejects.toMatchObject({ code: 'shipment.too_far' });
});

test('units are withdrawn from the least advanced shipment first; packed goods are kept with an exception', async () => {
  const { orders, skuIds, warehouseIds } = await open([[9]], [{ lines: [[0, 6]] }]);
  await allocateAll();
  const { orderId, partIds } = at(orders);
  const parcel = at(await shipmentsOf(orderId));
  const split = (shipmentId: ShipmentId, line: { shipmentLineId: ShipmentDetail['lines'][number]['shipmentLineId'] }) =>
    database.run((ctx) => splitShipment(ctx, { shipmentId, lines: [{ ...line, quantity: 2 }] }));
  const second = await split(parcel.shipmentId, at(parcel.lines));
  const third = await split(parcel.shipmentId, at(parcel.lines));
  const advance = (shipmentId: ShipmentId, to: 'released' | 'picked' | 'packed') =>
    database.run((ctx) => advanceShipments(ctx, [{ shipmentId, to }]));
  for (const to of ['released', 'picked', 'packed'] as const) await advance(parcel.shipmentId, to);
  await advance(second.shipmentId, 'released');
  const withdraw = (quantity: number) => database.run((ctx) => withdrawUnits(ctx, [{ partId: at(partIds), quantity }]));
  expect(await withdraw(3)).toEqual([{ partId: at(partIds), withdrawn: 3 }]);
  expect(await detail(third.shipmentId)).toMatchObject({ state: 'cancelled', units: 0 });
  expect(await detail(second.shipmentId)).toMatchObject({ state: 'released', units: 1 });
  expect(await demandOf(at(partIds))).toBe(3);
  expect(await withdraw(3)).toEqual([{ partId: at(partIds), withdrawn: 1 }]);
  expect(await detail(parcel.shipmentId)).toMatchObject({ state: 'packed', units: 2 });
  expect(await level(at(skuIds), at(warehouseIds))).toEqual({ onHand: 9, reserved: 2 });
  const exceptions = await database.read((db) => listExceptions(db, { after: null, limit: 50 }));
  expect(exceptions.items.filter((one) => one.subjectId === parcel.shipmentId).map((one) => one.kind)).toEqual([
    'shipment.order_changed',
  ]);
});

test('a loss below what is reserved releases the least urgent order, opens an exception, and the count stands', async () => {
  const set = await open([[5]], [{ lines: [[0, 2]] }, { lines: [[0, 2]] }]);
  await allocateAll();
  const line = { skuId: at(set.skuIds), warehouseId: at(set.warehouseIds), reason: 'counted' as const, note: null };
  expect(await database.run((ctx) => adjustStock(ctx, [{ ...line, delta: -2 }]))).toEqual({ released: 1 });
  expect(await level(line.skuId, line.warehouseId)).toEqual({ onHand: 3, reserved: 3 });
  expect(await demandOf(at(at(set.orders, 0).partIds))).toBe(0);
  expect(await demandOf(at(at(set.orders, 1).partIds))).toBe(1);
  expect(await timeline(at(set.orders, 1).orderId)).toEqual(['allocated', 'units_lost']);
  const exceptions = await database.read((db) => listExceptions(db, { after: null, limit: 50 }));
  expect(exceptions.items.find((one) => one.subjectId === at(set.orders, 1).orderId)?.kind).toBe('stock.reservation_lost');
});

test('picked units are the last to be given up, and packed parcels are never emptied by a count', async () => {
  const set = await open([[4]], [{ lines: [[0, 2]] }, { lines: [[0, 2]] }]);
  await allocateAll();
  const late = at(await shipmentsOf(at(set.orders, 1).orderId));
  for (const to of ['released', 'picked'] as const) {
    await database.run((ctx) => advanceShipments(ctx, [{ shipmentId: late.shipmentId, to }]));
  }
  const line = { skuId: at(set.skuIds), warehouseId: at(set.warehouseIds), reason: 'adjusted' as const, note: null };
  await database.run((ctx) => adjustStock(ctx, [{ ...line, delta: -1 }]));
  expect(await demandOf(at(at(set.orders, 0).partIds))).toBe(1);
  await database.run((ctx) => advanceShipments(ctx, [{ shipmentId: late.shipmentId, to: 'packed' }]));
  await expect(database.run((ctx) => adjustStock(ctx, [{ ...line, delta: -2 }]))).rejects.toMatchObject({
    code: 'stock.loss_in_parcels',
    data: { shipments: [late.number] },
  });
  await expect(database.run((ctx) => adjustStock(ctx, [{ ...line, delta: -9 }]))).rejects.toMatchObject({ kind: 'conflict' });
  expect(await level(line.skuId, line.warehouseId)).toEqual({ onHand: 3, reserved: 3 });
});

test('a shipment that does not exist is not found', async () => {
  const shipmentId = newId<'shipment'>();
  await expect(
    database.run((ctx) => shipOut(ctx, [{ shipmentId, service: null, ...tracking }])),
  ).rejects.toMatchObject({ code: 'shipment.not_found' });
});
