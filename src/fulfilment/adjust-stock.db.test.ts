import { expect, test } from 'vitest';
import { at, useFloor } from '../../test/support/factories/shipments.ts';
import { receive } from '../../test/support/factories/stock.ts';
import { listExceptions } from '../platform/exceptions/index.ts';
import { adjustStock, advanceShipments } from './index.ts';

const { database, open, allocateAll, shipmentsOf, level, demandOf, timeline } = useFloor();

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
  expect(exceptions.items.find((one) => one.subjectId === at(set.orders, 1).orderId)?.kind).toBe(
    'stock.reservation_lost',
  );
  await database.run((ctx) => receive(ctx, [{ ...line, quantity: 1 }]));
  await allocateAll();
  const left = await database.read((db) => listExceptions(db, { after: null, limit: 50 }));
  expect(left.items).toEqual([]);
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
  await expect(database.run((ctx) => adjustStock(ctx, [{ ...line, delta: -9 }]))).rejects.toMatchObject({
    kind: 'conflict',
  });
  expect(await level(line.skuId, line.warehouseId)).toEqual({ onHand: 3, reserved: 3 });
});
