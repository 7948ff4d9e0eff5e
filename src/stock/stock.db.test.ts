import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { freedDemandMarker, makeOrders, makeShops, makeSkus, makeWarehouses, makeWorld, readLevel, receive, skusOf } from '../../test/support/factories/stock.ts';
import { useDatabase } from '../../test/support/database.ts';
import { newId, type Page, type ShipmentLineId, type WarehouseId } from '../kernel/index.ts';
import { list, onBehalf, rows, type Actor, type Ctx } from '../platform/db/index.ts';
import { runChecks } from '../platform/invariant/index.ts';
import {
  adjustLevels, availableToPromise, cancelDemand, consume, findDueDemand, listLevels, listMoves, readDemand, receiveStock,
  release, reserve, serveShop, setDemandFacts, stockChecks, transferReservations, type LevelItem,
} from './index.ts';

const database = useDatabase({ markers: [freedDemandMarker] });

const first = <Item>(items: readonly Item[]): Item => {
  const [item] = items;
  if (item === undefined) throw new Error('empty');
  return item;
};

/** A shipment with one empty line a part: reservations need something to point at. */
async function makeLines(ctx: Ctx, warehouseId: WarehouseId, partIds: readonly string[]): Promise<ShipmentLineId[]> {
  const shipmentIds = partIds.map(() => newId<'shipment'>());
  const lineIds = partIds.map(() => newId<'shipment_line'>());
  await rows(
    ctx.tx,
    sql`insert into shipments (id, warehouse_id, reasons, created_at, updated_at)
        select id, ${warehouseId}, '{}', ${ctx.now}, ${ctx.now} from unnest(${list('uuid', shipmentIds)}) as s (id)`,
  );
  await rows(
    ctx.tx,
    sql`insert into shipment_lines (id, shipment_id, order_id, part_id, sku_id, quantity)
        select line.id, line.shipment_id, part.order_id, part.id, part.sku_id, 0
        from unnest(${list('uuid', lineIds)}, ${list('uuid', shipmentIds)}, ${list('uuid', partIds)}) as line (id, shipment_id, part_id)
        join order_line_parts part on part.id = line.part_id`,
  );
  return lineIds;
}

/** Ten of one SKU in one warehouse, and one order of four of it with a shipment line. */
async function makeReserved(ctx: Ctx, units: number) {
  const world = await makeWorld(ctx);
  const [shopId, skuId, warehouseId] = [first(world.shopIds), first(world.skuIds), first(world.warehouseIds)];
  await receive(ctx, [{ skuId, warehouseId, quantity: 10 }]);
  const partId = first(first(await makeOrders(ctx, [{ shopId, lines: [{ skuId, quantity: 4 }] }])).partIds);
  const lineId = first(await makeLines(ctx, warehouseId, [partId]));
  const wanted = {
    reservationId: newId<'reservation'>(),
    partId,
    shipmentLineId: lineId,
    skuId,
    warehouseId,
    quantity: units,
    expiresAfter: null,
  };
  if (units > 0) await reserve(ctx, [wanted]);
  return { shopId, skuId, warehouseId, partId, lineId, wanted };
}

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
  expect(moves.items.map((move) => [move.quantity, move.unitCost, move.costCurrency, move.reason]).sort()).toEqual([
    [5, null, null, 'received'],
    [7, '1.234567', 'EUR', 'received'],
  ]);
  expect(await database.read((db) => readLevel(db, skuId, warehouseId))).toEqual({ onHand: 12, reserved: 0 });
  expect((await database.read((db) => readDemand(db, [partId]))).get(partId)?.isDue).toBe(true);
  await expectSound();
});

test('a token without the scope may not receive goods, and nothing is written', async () => {
  const actor: Actor = { kind: 'token', id: newId(), name: 'reader', scopes: ['stock:read'] };
  await expect(database.transact({ actor }, (ctx) => receive(ctx, [{ skuId: newId(), warehouseId: newId(), quantity: 1 }]))).rejects.toMatchObject({ kind: 'forbidden' });
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
  expect(await database.read((db) => availableToPromise(db, made.shopId, [made.skuId]))).toEqual(new Map([[made.skuId, 6]]));
  await expectSound();
});

test('more is never reserved than is free, nor than was ordered', async () => {
  await expect(
    database.run(async (ctx) => {
      const set = await makeReserved(ctx, 0);
      await adjustLevels(ctx, [{ skuId: set.skuId, warehouseId: set.warehouseId, delta: -7, reason: 'adjusted', note: null }]);
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
    await rows(
      ctx.tx,
      sql`update stock_details set bin_code = 'A', quantity = 3 where sku_id = ${made.skuId}`,
    );
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
  expect(moves.items.filter((move) => move.reason === 'shipped').map((move) => [move.binCode, move.quantity]).sort()).toEqual([
    ['A', -3],
    ['B', -1],
  ]);
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
  await database.run((ctx) => transferReservations(ctx, [{ fromShipmentLineId: set.lineId, toShipmentLineId: one, quantity: 1 }]));
  expect(await open()).toEqual([{ line: one, quantity: 1 }, { line: set.lineId, quantity: 3 }]);
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
  await database.run((ctx) => adjustLevels(ctx, [{ ...line, delta: 2 }, { ...line, delta: -8 }]));
  expect(await database.read((db) => readLevel(db, set.skuId, set.warehouseId))).toEqual({ onHand: 4, reserved: 4 });
  await expectSound();
});

test('every shop that a warehouse of mine serves lessens what I may promise', async () => {
  const { a, b, c, skuId } = await database.run(async (ctx) => {
    const [shopA, shopB, shopC] = await makeShops(ctx, 3);
    const [near, shared, far, asleep] = await makeWarehouses(ctx, 4);
    const sku = first(await makeSkus(ctx, 1));
    if (!shopA || !shopB || !shopC || !near || !shared || !far || !asleep) throw new Error('no world');
    await rows(ctx.tx, sql`update warehouses set is_active = false where id = ${asleep}`);
    const served = (...ids: WarehouseId[]) => ids.map((warehouseId, rank) => ({ warehouseId, rank }));
    await serveShop(ctx, { shopId: shopA, warehouses: served(near, shared, asleep) });
    await serveShop(ctx, { shopId: shopB, warehouses: served(shared) });
    await serveShop(ctx, { shopId: shopC, warehouses: served(far) });
    await receive(ctx, [near, shared, far, asleep].map((warehouseId) => ({ skuId: sku, warehouseId, quantity: 10 })));
    await makeOrders(ctx, [
      { shopId: shopA, lines: [{ skuId: sku, quantity: 3 }], isHeld: true },
      { shopId: shopB, lines: [{ skuId: sku, quantity: 4 }] },
      { shopId: shopB, lines: [{ skuId: sku, quantity: 100 }], claims: false },
      { shopId: shopC, lines: [{ skuId: sku, quantity: 12 }] },
    ]);
    return { a: shopA, b: shopB, c: shopC, skuId: sku };
  });
  const unknown = newId<'sku'>();
  const promised = (shopId: typeof a) => database.read((db) => availableToPromise(db, shopId, [skuId, unknown]));
  expect([...(await promised(a)).values()]).toEqual([10 + 10 - 3 - 4, 0]);
  expect([...(await promised(b)).values()]).toEqual([10 - 3 - 4, 0]);
  expect([...(await promised(c)).values()]).toEqual([10 - 12, 0]);
});

test('reserving in a warehouse that a neighbouring shop does not use changes that shop, and it is told', async () => {
  const { raised, skuId, before, after } = await database.run(async (ctx) => {
    const [shopA, shopB] = await makeShops(ctx, 2);
    const [own, shared] = await makeWarehouses(ctx, 2);
    const sku = first(await makeSkus(ctx, 1));
    if (!shopA || !shopB || !own || !shared) throw new Error('no world');
    await serveShop(ctx, { shopId: shopA, warehouses: [{ warehouseId: own, rank: 0 }, { warehouseId: shared, rank: 1 }] });
    await serveShop(ctx, { shopId: shopB, warehouses: [{ warehouseId: shared, rank: 0 }] });
    await receive(ctx, [own, shared].map((warehouseId) => ({ skuId: sku, warehouseId, quantity: 5 })));
    const partId = first(first(await makeOrders(ctx, [{ shopId: shopA, lines: [{ skuId: sku, quantity: 2 }] }])).partIds);
    const shipmentLineId = first(await makeLines(ctx, own, [partId]));
    const promisedBefore = await availableToPromise(ctx.tx, shopB, [sku]);
    ctx.events.length = 0;
    await reserve(ctx, [{ reservationId: newId(), partId, shipmentLineId, skuId: sku, warehouseId: own, quantity: 2, expiresAfter: null }]);
    const told = skusOf(ctx.events, 'stock.changed');
    return { raised: told, skuId: sku, before: promisedBefore, after: await availableToPromise(ctx.tx, shopB, [sku]) };
  });
  expect([[...before.values()], [...after.values()]]).toEqual([[3], [5]]);
  expect(raised).toEqual([skuId]);
});

test('demand is due in rank order, the held is not, and a hold that goes makes it due', async () => {
  const { late, held, urgent } = await database.run(async (ctx) => {
    await rows(ctx.tx, sql`update stock_demand set is_due = false`);
    const world = await makeWorld(ctx);
    const line = { shopId: first(world.shopIds), lines: [{ skuId: first(world.skuIds), quantity: 1 }] };
    const [one, two, three] = await makeOrders(ctx, [line, { ...line, isHeld: true, priority: 9 }, { ...line, priority: 1 }]);
    if (!one || !two || !three) throw new Error('no orders');
    return { late: one.orderId, held: two.orderId, urgent: three.orderId };
  });
  const due = async () => (await database.read((db) => findDueDemand(db, 10))).map((demand) => demand.orderId);
  expect(await due()).toEqual([urgent, late]);
  const events = await database.run(async (ctx) => {
    await setDemandFacts(onBehalf(ctx, 'test'), [
      { orderId: held, claims: true, isHeld: false, priority: 9, shipBy: null, paidAt: null },
    ]);
    return ctx.events.map((event) => event.kind);
  });
  expect(events).toEqual(['demand.due']);
  expect(await due()).toEqual([held, urgent, late]);
});

test('no more demand is cancelled than is open, and what is cancelled may be promised again', async () => {
  const { set, raised } = await database.run(async (ctx) => {
    const made = await makeReserved(ctx, 3);
    ctx.events.length = 0;
    await cancelDemand(ctx, [{ partId: made.partId, quantity: 1 }]);
    return { set: made, raised: ctx.events.map((event) => event.kind).toSorted() };
  });
  expect(raised).toEqual(['stock.changed', 'stock.freed']);
  expect(await database.read((db) => availableToPromise(db, set.shopId, [set.skuId]))).toEqual(new Map([[set.skuId, 7]]));
  await expect(
    database.run((ctx) => cancelDemand(ctx, [{ partId: set.partId, quantity: 1 }])),
  ).rejects.toMatchObject({ code: 'stock.demand_too_low', data: { partId: set.partId, open: 0, cancelled: 1 } });
});

test('levels are paged by SKU code and warehouse code without a gap or a repeat', async () => {
  const world = await database.run(async (ctx) => {
    const made = await makeWorld(ctx, { skus: 3, warehouses: 3 });
    const lines = made.skuIds.flatMap((skuId) => made.warehouseIds.map((warehouseId) => ({ skuId, warehouseId, quantity: 1 })));
    await receive(ctx, lines);
    return made;
  });
  const seen: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 20; page += 1) {
    const from: string | null = after;
    const found: Page<LevelItem> = await database.read((db) => listLevels(db, { after: from, limit: 4 }));
    seen.push(...found.items.map((item) => `${item.skuCode} ${item.warehouseCode}`));
    after = found.next;
    if (after === null) break;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.filter((key) => world.skuIds.some((skuId) => key.includes(skuId)))).toHaveLength(9);
  const one = await database.run((ctx) => listLevels(ctx.tx, { after: null, limit: 4 }, { skuId: first(world.skuIds) }));
  expect(one.items).toHaveLength(3);
});
