import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { first, makeLines, makeReserved } from '../../test/support/factories/reserved.ts';
import { freedDemandMarker, makeOrders, makeWorld, readLevel, receive } from '../../test/support/factories/stock.ts';
import { newId } from '../kernel/index.ts';
import { rows, type Actor } from '../platform/db/index.ts';
import { runChecks } from '../platform/invariant/index.ts';
import {
  adjustLevels,
  availableToPromise,
  consume,
  listMoves,
  readDemand,
  receiveStock,
  release,
  reserve,
  stockChecks,
  transferReservations,
} from './index.ts';

const database = useDatabase({ markers: [freedDemandMarker] });

async function expectSound(): Promise<void> {
  const lines = await runChecks(database, stockChecks);
  expect(lines.map(({ check, result }) => [check.name, result.differences])).toEqual(
    stockChecks.map((check) => [check.name, []]),
  );
}

test('a receipt writes a move with its cost, the level and the detail, and wakes who waits for it', async () => {
  const { partId, skuId, warehouseId } = await database.run(async (ctx) => {
    const world = await makeWorld(ctx);
    const [shopId, sku, house] = [first(world.shopIds), first(world.skuIds), first(world.warehouseIds)];
    const order = first(await makeOrders(ctx, [{ shopId, lines: [{ skuId: sku, quantity: 1 }] }]));
    await rows(ctx.tx, sql`update stock_demand set is_due = false where order_id = ${order.orderId}`);
    return { partId: first(order.partIds), skuId: sku, warehouseId: house };
  });
  const line = { skuId, warehouseId, lotId: null, note: 'pallet 7' };
  await database.run((ctx) =>
    receiveStock(ctx, [
      { ...line, quantity: 7, unitCost: '1.234567', costCurrency: 'EUR' },
      { ...line, quantity: 5, unitCost: null, costCurrency: null },
    ]),
  );
  const moves = await database.read((db) => listMoves(db, { after: null, limit: 10 }, { skuId }));
  expect(
    moves.items
      .map((move) => [move.quantity, move.unitCost, move.costCurrency, move.reason])
      .toSorted((a, b) => Number(a[0]) - Number(b[0])),
  ).toEqual([
    [5, null, null, 'received'],
    [7, '1.234567', 'EUR', 'received'],
  ]);
  expect(await database.read((db) => readLevel(db, skuId, warehouseId))).toEqual({ onHand: 12, reserved: 0 });
  expect((await database.read((db) => readDemand(db, [partId]))).get(partId)?.isDue).toBe(true);
  await expectSound();
});

test('a token without the scope may not receive goods, and nothing is written', async () => {
  const actor: Actor = { kind: 'token', id: newId(), name: 'reader', scopes: ['stock:read'] };
  await expect(
    database.transact({ actor }, (ctx) => receive(ctx, [{ skuId: newId(), warehouseId: newId(), quantity: 1 }])),
  ).rejects.toMatchObject({ kind: 'forbidden' });
});

test('reserving moves units from demand to reserved and tells no channel', async () => {
  const { made, events } = await database.run(async (ctx) => {
    const set = await makeReserved(ctx, 0);
    ctx.events.length = 0;
    await reserve(ctx, [{ ...set.wanted, quantity: 3 }]);
    const raised = ctx.events.map((event) => event.kind);
    return { made: set, events: raised };
  });
  expect(events).toEqual([]);
  expect(await database.read((db) => readLevel(db, made.skuId, made.warehouseId))).toEqual({ onHand: 10, reserved: 3 });
  expect((await database.read((db) => readDemand(db, [made.partId]))).get(made.partId)?.quantity).toBe(1);
  expect(await database.read((db) => availableToPromise(db, made.shopId, [made.skuId]))).toEqual(
    new Map([[made.skuId, 6]]),
  );
  await expectSound();
});

test('more is never reserved than is free, nor than was ordered', async () => {
  await expect(
    database.run(async (ctx) => {
      const set = await makeReserved(ctx, 0);
      await adjustLevels(ctx, [
        { skuId: set.skuId, warehouseId: set.warehouseId, delta: -7, reason: 'adjusted', note: null },
      ]);
      await reserve(ctx, [{ ...set.wanted, quantity: 4 }]);
    }),
  ).rejects.toMatchObject({ code: 'stock.not_enough_free', data: { free: 3, wanted: 4 } });
  await expect(
    database.run(async (ctx) => {
      const set = await makeReserved(ctx, 0);
      await reserve(ctx, [{ ...set.wanted, quantity: 5 }]);
    }),
  ).rejects.toMatchObject({ code: 'stock.demand_too_low', data: { open: 4, wanted: 5 } });
});

test('released units are demand again, due, and wake the others', async () => {
  const { set, raised } = await database.run(async (ctx) => {
    const made = await makeReserved(ctx, 4);
    await rows(ctx.tx, sql`update stock_demand set is_due = false where part_id = ${made.partId}`);
    ctx.events.length = 0;
    await release(ctx, [{ shipmentLineId: made.lineId, quantity: 1 }]);
    return { set: made, raised: ctx.events.map((event) => event.kind) };
  });
  expect(raised.toSorted()).toEqual(['demand.due', 'stock.freed']);
  const demand = (await database.read((db) => readDemand(db, [set.partId]))).get(set.partId);
  expect([demand?.quantity, demand?.isDue]).toEqual([1, true]);
  expect(await database.read((db) => readLevel(db, set.skuId, set.warehouseId))).toEqual({ onHand: 10, reserved: 3 });
  await expect(
    database.run((ctx) => release(ctx, [{ shipmentLineId: set.lineId, quantity: 4 }])),
  ).rejects.toMatchObject({ code: 'stock.not_reserved', data: { open: 3 } });
  await expectSound();
});

test('consuming takes on-hand and reserved down alike, bin by bin, and changes no promise', async () => {
  const { set, raised, before } = await database.run(async (ctx) => {
    const made = await makeReserved(ctx, 4);
    await rows(ctx.tx, sql`update stock_details set bin_code = 'A', quantity = 3 where sku_id = ${made.skuId}`);
    await rows(
      ctx.tx,
      sql`insert into stock_details (sku_id, warehouse_id, bin_code, quantity) values (${made.skuId}, ${made.warehouseId}, 'B', 7)`,
    );
    await rows(ctx.tx, sql`update stock_moves set bin_code = 'A' where sku_id = ${made.skuId}`);
    const promised = await availableToPromise(ctx.tx, made.shopId, [made.skuId]);
    ctx.events.length = 0;
    await consume(ctx, [{ shipmentLineId: made.lineId, quantity: 4 }]);
    return { set: made, raised: ctx.events.length, before: promised };
  });
  expect(raised).toBe(0);
  expect(await database.read((db) => availableToPromise(db, set.shopId, [set.skuId]))).toEqual(before);
  expect(await database.read((db) => readLevel(db, set.skuId, set.warehouseId))).toEqual({ onHand: 6, reserved: 0 });
  const moves = await database.read((db) => listMoves(db, { after: null, limit: 10 }, { skuId: set.skuId }));
  expect(
    moves.items
      .filter((move) => move.reason === 'shipped')
      .map((move) => [move.binCode, move.quantity].join(' '))
      .toSorted(),
  ).toEqual(['A -3', 'B -1']);
  expect(moves.items.find((move) => move.reason === 'shipped')?.referenceId).toBe(set.lineId);
  await expectSound();
});

test('a transfer moves a part of a reservation, then the rest, and no level changes', async () => {
  const set = await database.run((ctx) => makeReserved(ctx, 4));
  const [one, two] = await database.run((ctx) => makeLines(ctx, set.warehouseId, [set.partId, set.partId]));
  if (one === undefined || two === undefined) throw new Error('no lines');
  const open = (): Promise<{ line: string; quantity: number }[]> =>
    database.read((db) =>
      rows(
        db,
        sql`select shipment_line_id as line, quantity from reservations where part_id = ${set.partId} and state = 'open' order by quantity`,
      ),
    );
  await database.run((ctx) =>
    transferReservations(ctx, [{ fromShipmentLineId: set.lineId, toShipmentLineId: one, quantity: 1 }]),
  );
  expect(await open()).toEqual([
    { line: one, quantity: 1 },
    { line: set.lineId, quantity: 3 },
  ]);
  await database.run((ctx) =>
    transferReservations(ctx, [
      { fromShipmentLineId: set.lineId, toShipmentLineId: two, quantity: 3 },
      { fromShipmentLineId: one, toShipmentLineId: two, quantity: 1 },
    ]),
  );
  expect(await open()).toEqual([{ line: two, quantity: 4 }]);
  await expectSound();
});

test('a loss below what is reserved is refused by the inner verb, with the level', async () => {
  const set = await database.run((ctx) => makeReserved(ctx, 4));
  const line = { skuId: set.skuId, warehouseId: set.warehouseId, reason: 'counted' as const, note: null };
  await expect(database.run((ctx) => adjustLevels(ctx, [{ ...line, delta: -7 }]))).rejects.toMatchObject({
    code: 'stock.below_reserved',
    data: { onHand: 10, reserved: 4, delta: -7 },
  });
  await database.run((ctx) =>
    adjustLevels(ctx, [
      { ...line, delta: 2 },
      { ...line, delta: -8 },
    ]),
  );
  expect(await database.read((db) => readLevel(db, set.skuId, set.warehouseId))).toEqual({ onHand: 4, reserved: 4 });
  await expectSound();
});

test('the audit finds a counter that was changed past its rows', async () => {
  const set = await database.run((ctx) => makeReserved(ctx, 4));
  const plant = (column: 'on_hand' | 'reserved', units: number) =>
    database.run((ctx) =>
      rows(
        ctx.tx,
        sql`update stock_levels set ${sql.raw(column)} = ${sql.raw(column)} + ${units} where sku_id = ${set.skuId}`,
      ),
    );
  const found = async () =>
    (await runChecks(database, stockChecks))
      .filter(({ result }) => result.differenceCount > 0)
      .map(({ check, result }) => [check.name, result.differenceCount]);
  await plant('reserved', -1);
  expect(await found()).toEqual([['stock.reserved_is_the_reservations', 1]]);
  await plant('reserved', 1);
  await plant('on_hand', 1);
  expect(await found()).toEqual([['stock.on_hand_is_the_ledger', 1]]);
  await plant('on_hand', -1);
  await expectSound();
});
