import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { at, tracking, useFloor } from '../../test/support/factories/shipments.ts';
import { type ShipmentId } from '../kernel/index.ts';
import { rows } from '../platform/db/index.ts';
import { listExceptions } from '../platform/exceptions/index.ts';
import {
  advanceShipments,
  mergeShipments,
  shipOut,
  splitShipment,
  withdrawUnits,
  type ShipmentDetail,
} from './index.ts';

const { database, open, allocateAll, shipmentsOf, detail, level, demandOf } = useFloor();

const contents = (shipment: ShipmentDetail) =>
  shipment.lines.filter((line) => line.quantity > 0).map((line) => [line.partId, line.quantity]);

test('three orders merged into one parcel keep their identity, and splitting restores three shipments', async () => {
  const set = await open(
    [[9], [9]],
    [
      {
        lines: [
          [0, 1],
          [1, 2],
        ],
      },
      { lines: [[0, 3]] },
      { lines: [[1, 1]] },
    ],
  );
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
    rows<{ state: string }>(db, sql`select fulfilment_state as state from orders where shop_id = ${at(set.shopIds)}`),
  );
  expect(states.map(({ state }) => state)).toEqual(['shipped', 'shipped']);
});

test('shipments of two receivers, two warehouses or two states are not merged', async () => {
  const other = { mergeKey: 'another receiver' };
  const set = await open(
    [[1, 9]],
    [{ lines: [[0, 1]] }, { lines: [[0, 1]] }, { lines: [[0, 1]], more: other }, { lines: [[0, 1]] }],
  );
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
    database.run((ctx) => splitShipment(ctx, { shipmentId, lines: [{ ...at(parcel.lines), quantity: 1 }] })),
  ).rejects.toMatchObject({ kind: 'invalid' });
  await database.run((ctx) => advanceShipments(ctx, [{ shipmentId, to: 'packed' }]));
  const packed = at((await detail(shipmentId)).lines);
  await expect(database.run((ctx) => splitShipment(ctx, { shipmentId, lines: [packed] }))).rejects.toMatchObject({
    code: 'shipment.too_far',
  });
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
