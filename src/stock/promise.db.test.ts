import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { first, makeLines, makeReserved } from '../../test/support/factories/reserved.ts';
import {
  freedDemandMarker,
  makeOrders,
  makeShops,
  makeSkus,
  makeWarehouses,
  makeWorld,
  receive,
  skusOf,
} from '../../test/support/factories/stock.ts';
import { newId, type Page, type WarehouseId } from '../kernel/index.ts';
import { onBehalf, rows } from '../platform/db/index.ts';
import {
  availableToPromise,
  cancelDemand,
  findDueDemand,
  listLevels,
  reserve,
  serveShop,
  setDemandFacts,
  type LevelItem,
} from './index.ts';

const database = useDatabase({ markers: [freedDemandMarker] });

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
    await receive(
      ctx,
      [near, shared, far, asleep].map((warehouseId) => ({ skuId: sku, warehouseId, quantity: 10 })),
    );
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
    await serveShop(ctx, {
      shopId: shopA,
      warehouses: [
        { warehouseId: own, rank: 0 },
        { warehouseId: shared, rank: 1 },
      ],
    });
    await serveShop(ctx, { shopId: shopB, warehouses: [{ warehouseId: shared, rank: 0 }] });
    await receive(
      ctx,
      [own, shared].map((warehouseId) => ({ skuId: sku, warehouseId, quantity: 5 })),
    );
    const partId = first(
      first(await makeOrders(ctx, [{ shopId: shopA, lines: [{ skuId: sku, quantity: 2 }] }])).partIds,
    );
    const shipmentLineId = first(await makeLines(ctx, own, [partId]));
    const promisedBefore = await availableToPromise(ctx.tx, shopB, [sku]);
    ctx.events.length = 0;
    await reserve(ctx, [
      { reservationId: newId(), partId, shipmentLineId, skuId: sku, warehouseId: own, quantity: 2, expiresAfter: null },
    ]);
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
    const [one, two, three] = await makeOrders(ctx, [
      line,
      { ...line, isHeld: true, priority: 9 },
      { ...line, priority: 1 },
    ]);
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
  expect(await database.read((db) => availableToPromise(db, set.shopId, [set.skuId]))).toEqual(
    new Map([[set.skuId, 7]]),
  );
  await expect(database.run((ctx) => cancelDemand(ctx, [{ partId: set.partId, quantity: 1 }]))).rejects.toMatchObject({
    code: 'stock.demand_too_low',
    data: { partId: set.partId, open: 0, cancelled: 1 },
  });
});

test('levels are paged by SKU code and warehouse code without a gap or a repeat', async () => {
  const world = await database.run(async (ctx) => {
    const made = await makeWorld(ctx, { skus: 3, warehouses: 3 });
    const lines = made.skuIds.flatMap((skuId) =>
      made.warehouseIds.map((warehouseId) => ({ skuId, warehouseId, quantity: 1 })),
    );
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
  const one = await database.run((ctx) =>
    listLevels(ctx.tx, { after: null, limit: 4 }, { skuId: first(world.skuIds) }),
  );
  expect(one.items).toHaveLength(3);
});
