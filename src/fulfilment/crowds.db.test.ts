import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import {
  freedDemandMarker,
  makeOrders,
  makeWorld,
  readLevel,
  receive,
  type World,
} from '../../test/support/factories/stock.ts';
import { recordingLog } from '../../test/support/quiet-log.ts';
import { expectInvariants } from '../../test/support/model/expect-invariants.ts';
import { newId, type ShipmentId, type SkuId } from '../kernel/index.ts';
import { firstRow, list, rows, type Ctx } from '../platform/db/index.ts';
import { adjustStock, allocate, mergeShipments, shipOut, splitShipment, withdrawUnits } from './index.ts';

const connections = 20;

const at = <Item>(items: readonly Item[], index = 0): Item => {
  const item = items[index];
  if (item === undefined) throw new Error(`no item ${index}`);
  return item;
};

/** A database with twenty writing connections. Answers with how many deadlocks were met, also those that `transact` tried again. */
async function crowd(work: (database: TestDatabase) => Promise<void>): Promise<number> {
  const log = recordingLog();
  const database = await createTestDatabase({
    markers: [freedDemandMarker],
    pools: { write: connections, read: 2 },
    log,
  });
  try {
    await work(database);
    return log.lines.filter(({ fields }) => fields['sqlState'] === '40P01').length;
  } finally {
    await database.close();
  }
}

async function together<Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> {
  let next = 0;
  const results: Result[] = [];
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      results[index] = await work(index);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return results;
}

async function stock(database: TestDatabase, skus: number, units: number): Promise<World> {
  return database.run(async (ctx) => {
    const world = await makeWorld(ctx, { skus });
    await receive(
      ctx,
      world.skuIds.map((skuId) => ({ skuId, warehouseId: at(world.warehouseIds), quantity: units })),
    );
    return world;
  });
}

/** What the lane does once the crowd has gone. */
async function drain(database: TestDatabase): Promise<void> {
  while ((await database.run((ctx) => allocate(ctx, 500))).more);
}

type Sold = { readonly reserved: number; readonly open: number; readonly demand: number };

async function readSold(database: TestDatabase, skuId: SkuId): Promise<Sold> {
  const sold = await database.read((db) =>
    firstRow<Sold>(
      db,
      sql`select
            (select sum(reserved)::int4 from stock_levels where sku_id = ${skuId}) as reserved,
            (select coalesce(sum(quantity), 0)::int4 from reservations where sku_id = ${skuId} and state = 'open') as open,
            (select sum(quantity)::int4 from stock_demand where sku_id = ${skuId}) as demand`,
    ),
  );
  if (sold === null) throw new Error('nothing sold');
  return sold;
}

type Buy = (ctx: Ctx, world: World, partId: string) => Promise<void>;

/** Buyers at once, each in one transaction: order, then whatever reserves. */
async function buyers(count: number, buy: Buy): Promise<{ sold: Sold; failures: unknown[]; deadlocks: number }> {
  let sold: Sold = { reserved: 0, open: 0, demand: 0 };
  const failures: unknown[] = [];
  const deadlocks = await crowd(async (database) => {
    const world = await stock(database, 1, 100);
    const order = { shopId: at(world.shopIds), lines: [{ skuId: at(world.skuIds), quantity: 1 }] };
    await together(count, () =>
      database
        .run(async (ctx) => buy(ctx, world, at(at(await makeOrders(ctx, [order])).partIds)))
        .catch((error: unknown) => failures.push(error)),
    );
    await drain(database);
    sold = await readSold(database, at(world.skuIds));
  });
  return { sold, failures, deadlocks };
}

test('500 buyers at once of 100 units: exactly 100 are reserved, 400 wait, and nobody sees an error', async () => {
  const { sold, failures, deadlocks } = await buyers(500, async (ctx) => {
    await allocate(ctx, 1);
  });
  expect(failures).toEqual([]);
  expect(sold).toEqual({ reserved: 100, open: 100, demand: 400 });
  expect(deadlocks).toBe(0);
}, 120_000);

/** What peers do: read the level, add in the language, write it back. The CHECK is still there and does not help. */
const naive: Buy = async (ctx, world, partId) => {
  const [skuId, warehouseId] = [at(world.skuIds), at(world.warehouseIds)];
  const { onHand, reserved } = await readLevel(ctx.tx, skuId, warehouseId);
  if (onHand - reserved < 1) return;
  await rows(
    ctx.tx,
    sql`update stock_levels set reserved = ${reserved + 1} where sku_id = ${skuId} and warehouse_id = ${warehouseId}`,
  );
  await rows(ctx.tx, sql`update stock_demand set quantity = 0 where part_id = ${partId}`);
  const [shipmentId, lineId] = [newId(), newId()];
  await rows(
    ctx.tx,
    sql`insert into shipments (id, warehouse_id, reasons, created_at, updated_at)
        values (${shipmentId}, ${warehouseId}, '{}', ${ctx.now}, ${ctx.now})`,
  );
  await rows(
    ctx.tx,
    sql`insert into shipment_lines (id, shipment_id, order_id, part_id, sku_id, quantity)
        select ${lineId}::uuid, ${shipmentId}::uuid, order_id, id, sku_id, 1 from order_line_parts where id = ${partId}`,
  );
  await rows(
    ctx.tx,
    sql`insert into reservations (id, sku_id, warehouse_id, part_id, shipment_line_id, quantity, created_at)
        values (${newId()}, ${skuId}, ${warehouseId}, ${partId}, ${lineId}, 1, ${ctx.now})`,
  );
};

test('200 such buyers catch an implementation that reads, adds and writes back', async () => {
  const { sold } = await buyers(200, naive);
  expect(sold.open).toBeGreaterThan(100);
}, 120_000);

test('600 orders of two SKUs in random order from 20 connections: no deadlock at all', async () => {
  const deadlocks = await crowd(async (database) => {
    const world = await stock(database, 6, 150);
    const line = (seed: number) => ({ skuId: at(world.skuIds, seed % 6), quantity: 1 });
    const outcomes = await together(600, (index) => {
      const [a, b] = [index * 7 + 1, index * 7 + 2 + (index % 5)];
      const lines = index % 2 === 0 ? [line(a), line(b)] : [line(b), line(a)];
      return database.run(async (ctx) => {
        await makeOrders(ctx, [{ shopId: at(world.shopIds), lines }]);
        return allocate(ctx, 4);
      });
    });
    expect(outcomes).toHaveLength(600);
    await drain(database);
    for (const skuId of world.skuIds) {
      const sold = await readSold(database, skuId);
      expect(sold.reserved).toBe(Math.min(150, sold.open + sold.demand));
    }
    await expectInvariants(database, world.skuIds);
  });
  expect(deadlocks).toBe(0);
}, 120_000);

const expected = new Set(['conflict', 'not_found', 'invalid']);

test('shipping, withdrawing, splitting, merging, counting and receiving at once break nothing', async () => {
  const refused = new Map<string, number>();
  const done = new Map<string, number>();
  const deadlocks = await crowd(async (database) => {
    const world = await stock(database, 2, 120);
    const [skuId, other] = [at(world.skuIds), at(world.skuIds, 1)];
    const lines = [skuId, other].map((id) => ({ skuId: id, quantity: 2 }));
    const orders = await database.run((ctx) =>
      makeOrders(
        ctx,
        Array.from({ length: 60 }, () => ({ shopId: at(world.shopIds), lines, mergeKey: 'one' })),
      ),
    );
    await drain(database);
    const level = { skuId, warehouseId: at(world.warehouseIds), note: null, reason: 'adjusted' as const };
    const ids = (
      await database.read((db) => rows<{ id: ShipmentId }>(db, sql`select id from shipments order by id`))
    ).map(({ id }) => id);
    const some = (index: number): ShipmentId => at(ids, (index * 31) % ids.length);
    const verbs: readonly (readonly [string, (ctx: Ctx, index: number) => Promise<unknown>])[] = [
      [
        'ship',
        (ctx, index) =>
          shipOut(
            ctx,
            [some(index), some(index + 1)].map((shipmentId) => ({
              shipmentId,
              carrier: null,
              trackingNumber: `T${shipmentId}`,
              trackingUrl: null,
              service: null,
            })),
          ),
      ],
      [
        'withdraw',
        (ctx, index) =>
          withdrawUnits(
            ctx,
            at(orders, (index * 13) % 60).partIds.map((partId) => ({ partId, quantity: 1 })),
          ),
      ],
      ['merge', (ctx, index) => mergeShipments(ctx, { shipmentIds: [some(index), some(index + 3)] })],
      [
        'split',
        async (ctx, index) => {
          const found = await rows<{ id: never }>(
            ctx.tx,
            sql`select id from shipment_lines where shipment_id = ${some(index)} and quantity > 0 limit 1`,
          );
          return splitShipment(ctx, {
            shipmentId: some(index),
            lines: found.map(({ id }) => ({ shipmentLineId: id, quantity: 1 })),
          });
        },
      ],
      [
        'lose',
        (ctx) =>
          adjustStock(ctx, [
            { ...level, delta: -2 },
            { ...level, skuId: other, delta: -1 },
          ]),
      ],
      [
        'receive',
        (ctx) =>
          receive(ctx, [
            { ...level, skuId: other, quantity: 2 },
            { ...level, quantity: 1 },
          ]),
      ],
      ['allocate', (ctx) => allocate(ctx, 20)],
    ];
    await together(280, async (index) => {
      const [name, verb] = at(verbs, index % verbs.length);
      try {
        await database.run((ctx) => verb(ctx, index));
        done.set(name, (done.get(name) ?? 0) + 1);
      } catch (error) {
        const kind = (error as { kind?: string }).kind ?? String(error);
        if (!expected.has(kind)) throw error;
        refused.set(name, (refused.get(name) ?? 0) + 1);
      }
    });
    await expectInvariants(database, world.skuIds);
    const units = await database.read((db) =>
      rows<{ sku: SkuId }>(
        db,
        sql`select sku_id as sku from stock_levels where sku_id = any(${list('uuid', world.skuIds)})`,
      ),
    );
    expect(units).toHaveLength(2);
  });
  for (const name of ['ship', 'withdraw', 'merge', 'split', 'lose', 'receive', 'allocate']) {
    expect([name, done.get(name) ?? 0]).not.toEqual([name, 0]);
  }
  expect(deadlocks).toBe(0);
}, 120_000);
