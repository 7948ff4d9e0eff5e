import { sql } from 'drizzle-orm';
import { openShop, type ShopDeps, type ShopSession } from '../../../src/channels/index.ts';
import { changeRule, changeSeller } from '../../../src/invoicing/index.ts';
import { newId, type ShopId, type SkuId, type WarehouseId } from '../../../src/kernel/index.ts';
import { wireMarkers } from '../../../src/main/markers.ts';
import { list, rows, type Ctx } from '../../../src/platform/db/index.ts';
import type { Log } from '../../../src/platform/log/index.ts';
import { serveShop } from '../../../src/stock/index.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { someSeller } from '../factories/invoicing-world.ts';
import { connectPlainShop, plainDeps } from '../factories/plain-channel.ts';
import { makeSkus, makeWarehouses } from '../factories/stock.ts';
import { createToldChannel, type ToldChannel } from '../factories/told-channel.ts';
import { quietLog } from '../quiet-log.ts';
import { housesOfShop, unitsPerListing } from './model.ts';
import { openObserver, type Observer } from './observe.ts';

/** Three shops and two warehouses that many walks share; each walk has SKUs, listings and orders of its own. */
export type WalkWorld = {
  readonly database: TestDatabase;
  readonly deps: ShopDeps;
  readonly channel: ToldChannel;
  readonly shopIds: readonly ShopId[];
  readonly sessions: readonly ShopSession[];
  readonly warehouseIds: readonly WarehouseId[];
  readonly observer: Observer;
  /** Makes SKUs and listings for one walk, and lets nothing of earlier walks be due. */
  begin(): Promise<{ readonly walk: string; readonly skuIds: readonly SkuId[] }>;
  close(): Promise<void>;
};

export async function openWalkWorld(options: { connections?: number; log?: Log } = {}): Promise<WalkWorld> {
  const channel = createToldChannel();
  const connectors = new Map([['plain', channel.connector]]);
  const database = await createTestDatabase({
    markers: wireMarkers(connectors),
    pools: { write: options.connections ?? 2, read: 1 },
    log: options.log ?? quietLog,
  });
  const deps = { ...plainDeps(database, channel), connectors };
  const shopIds: ShopId[] = [];
  while (shopIds.length < housesOfShop.length) shopIds.push((await connectPlainShop(database, deps)).shopId);
  const warehouseIds = await database.run(async (ctx) => {
    const made = await makeWarehouses(ctx, 2);
    for (const [shop, houses] of housesOfShop.entries()) {
      const warehouses = houses.flatMap((house, rank) => {
        const warehouseId = made[house];
        return warehouseId === undefined ? [] : [{ warehouseId, rank }];
      });
      const shopId = shopIds[shop];
      if (shopId !== undefined) await serveShop(ctx, { shopId, warehouses });
    }
    await changeSeller(ctx, someSeller);
    await changeRule(ctx, null, { at: 'ship_out', language: 'en', ordersSince: new Date('2026-01-01T00:00:00Z') });
    return made;
  });
  const sessions: ShopSession[] = [];
  for (const shopId of shopIds) sessions.push(await database.read((db) => openShop(db, deps, shopId)));
  const skus = new Map<string, readonly SkuId[]>();
  const skusOf = (walk: string): readonly SkuId[] => skus.get(walk) ?? [];
  const observer = await openObserver(database.url, { shops: shopIds, houses: warehouseIds, skusOf });
  return {
    database,
    deps,
    channel,
    shopIds,
    sessions,
    warehouseIds,
    observer,
    async begin() {
      const walk = `w${skus.size}-`;
      const skuIds = await database.run(async (ctx) => {
        await rows(ctx.tx, sql`update stock_demand set is_due = false where is_due`);
        await rows(ctx.tx, sql`update channel_requests set due_at = due_at + interval '99 years' where state = 'due'`);
        const made = await makeSkus(ctx, unitsPerListing.length);
        await listAll(ctx, shopIds, made, walk);
        return made;
      });
      skus.set(walk, skuIds);
      return { walk, skuIds };
    },
    async close() {
      await observer.close();
      await database.close();
    },
  };
}

/** The listing of a SKU is the walk and the place of the SKU, in every shop. */
export const listingOf = (walk: string, sku: number): string => `${walk}/${sku}`;

async function listAll(ctx: Ctx, shopIds: readonly ShopId[], skuIds: readonly SkuId[], walk: string): Promise<void> {
  const all = shopIds.flatMap((shopId) => skuIds.map((skuId, sku) => ({ shopId, skuId, sku })));
  await rows(
    ctx.tx,
    sql`insert into listings (id, shop_id, external_id, title, sku_id, multiplier, mapped_at, created_at, updated_at)
        select id, shop_id, external_id, 'A thing', sku_id, multiplier, ${ctx.now}, ${ctx.now}, ${ctx.now}
        from unnest(${list(
          'uuid',
          all.map(() => newId<'listing'>()),
        )}, ${list(
          'uuid',
          all.map(({ shopId }) => shopId),
        )}, ${list(
          'text',
          all.map(({ sku }) => listingOf(walk, sku)),
        )}, ${list(
          'uuid',
          all.map(({ skuId }) => skuId),
        )}, ${list(
          'int4',
          all.map(({ sku }) => unitsPerListing[sku] ?? 1),
        )}) as listing (id, shop_id, external_id, sku_id, multiplier)`,
  );
}
