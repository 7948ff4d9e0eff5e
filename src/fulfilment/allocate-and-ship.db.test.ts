import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { at, tracking, useFloor } from '../../test/support/factories/shipments.ts';
import { makeOrders, receive } from '../../test/support/factories/stock.ts';
import { newId } from '../kernel/index.ts';
import { placeHolds, releaseHolds } from '../orders/index.ts';
import { rows } from '../platform/db/index.ts';
import { correctTracking, shipOut } from './index.ts';

const { database, open, allocateAll, shipmentsOf, detail, level, timeline } = useFloor();

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
  const { orders, skuIds, warehouseIds } = await open(
    [[1], [2]],
    [
      {
        lines: [
          [0, 3],
          [1, 1],
        ],
      },
    ],
  );
  expect(await allocateAll()).toEqual({ assigned: 2, short: 2, more: false });
  expect(await allocateAll()).toEqual({ assigned: 0, short: 0, more: false });
  await database.run((ctx) => receive(ctx, [{ skuId: at(skuIds), warehouseId: at(warehouseIds), quantity: 5 }]));
  expect(await allocateAll()).toEqual({ assigned: 2, short: 0, more: false });
  const parcels = await shipmentsOf(at(orders).orderId);
  expect(parcels).toHaveLength(1);
  expect(new Map(at(parcels).lines.map((line) => [line.skuId, line.quantity]))).toEqual(
    new Map([
      [at(skuIds), 3],
      [at(skuIds, 1), 1],
    ]),
  );
});

test('a held order is not allocated, and is when the hold goes', async () => {
  const { orders } = await open([[5]], [{ lines: [[0, 1]], more: { isHeld: true } }]);
  expect(await allocateAll()).toEqual({ assigned: 0, short: 0, more: false });
  expect(await shipmentsOf(at(orders).orderId)).toEqual([]);
  await database.run((ctx) => releaseHolds(ctx, [{ orderId: at(orders).orderId, kind: 'manual' }]));
  expect(await allocateAll()).toEqual({ assigned: 1, short: 0, more: false });
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

test('a shipment that does not exist is not found', async () => {
  const shipmentId = newId<'shipment'>();
  await expect(database.run((ctx) => shipOut(ctx, [{ shipmentId, service: null, ...tracking }]))).rejects.toMatchObject(
    { code: 'shipment.not_found' },
  );
});
