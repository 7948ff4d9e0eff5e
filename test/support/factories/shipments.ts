import { sql } from 'drizzle-orm';
import { afterEach, expect } from 'vitest';
import {
  allocate,
  fulfilmentChecks,
  getShipment,
  listShipments,
  type Allocated,
  type ShipmentDetail,
} from '../../../src/fulfilment/index.ts';
import type { OrderId, PartId, ShipmentId, SkuId, WarehouseId } from '../../../src/kernel/index.ts';
import { rows } from '../../../src/platform/db/index.ts';
import { runChecks } from '../../../src/platform/invariant/index.ts';
import { readDemand, stockChecks, type Level } from '../../../src/stock/index.ts';
import { useDatabase, type TestDatabase } from '../database.ts';
import {
  freedDemandMarker,
  makeOrders,
  makeWorld,
  readLevel,
  receive,
  type NewTestOrder,
  type TestOrder,
  type World,
} from './stock.ts';

export const tracking = { carrier: 'DHL', trackingNumber: 'T1', trackingUrl: null };

export const at = <Item>(items: readonly Item[], index = 0): Item => {
  const item = items[index];
  if (item === undefined) throw new Error(`no item ${index}`);
  return item;
};

export type NewOrder = { readonly lines: [number, number][]; readonly more?: Partial<NewTestOrder> };

/** What tests of shipments ask again and again. */
export type Floor = {
  readonly database: TestDatabase;
  /** `stocked[sku][warehouse]` units; then each order's lines as `[sku, quantity]`, to one receiver, in order of placing. */
  open(
    stocked: readonly (readonly number[])[],
    orders: readonly NewOrder[],
  ): Promise<World & { readonly orders: readonly TestOrder[] }>;
  allocateAll(): Promise<Allocated>;
  shipmentsOf(orderId: OrderId): Promise<ShipmentDetail[]>;
  detail(shipmentId: ShipmentId): Promise<ShipmentDetail>;
  level(skuId: SkuId, warehouseId: WarehouseId): Promise<Pick<Level, 'onHand' | 'reserved'>>;
  demandOf(partId: PartId): Promise<number | undefined>;
  /** Kinds, oldest first. */
  timeline(orderId: OrderId): Promise<string[]>;
};

/** A database of one file, audited after every test. */
export function useFloor(): Floor {
  const database = useDatabase({ markers: [freedDemandMarker] });
  const checks = [...stockChecks, ...fulfilmentChecks];
  afterEach(async () => {
    const lines = await runChecks(database, checks);
    expect(lines.map(({ check, result }) => [check.name, result.differences])).toEqual(
      checks.map(({ name }) => [name, []]),
    );
  });
  const detail = async (shipmentId: ShipmentId): Promise<ShipmentDetail> => {
    const found = await database.read((db) => getShipment(db, shipmentId));
    if (found === null) throw new Error('no shipment');
    return found;
  };
  return {
    database,
    open: (stocked, orders) => open(database, stocked, orders),
    allocateAll: () => database.run((ctx) => allocate(ctx, 500)),
    async shipmentsOf(orderId) {
      const page = await database.read((db) => listShipments(db, { after: null, limit: 50 }, { orderId }));
      const found = await Promise.all(page.items.map((item) => detail(item.shipmentId)));
      return found.toSorted((a, b) => a.number - b.number);
    },
    detail,
    level: (skuId, warehouseId) => database.read((db) => readLevel(db, skuId, warehouseId)),
    demandOf: async (partId) => (await database.read((db) => readDemand(db, [partId]))).get(partId)?.quantity,
    timeline: (orderId) => readTimeline(database, orderId),
  };
}

async function readTimeline(database: TestDatabase, orderId: OrderId): Promise<string[]> {
  const found = await database.read((db) =>
    rows<{ kind: string }>(db, sql`select kind from order_timeline where order_id = ${orderId} order by id`),
  );
  return found.map(({ kind }) => kind);
}

async function open(database: TestDatabase, stocked: readonly (readonly number[])[], orders: readonly NewOrder[]) {
  return database.run(async (ctx) => {
    const world = await makeWorld(ctx, { skus: stocked.length, warehouses: at(stocked).length });
    await receive(
      ctx,
      stocked.flatMap((units, sku) =>
        units.flatMap((quantity, house) =>
          quantity === 0
            ? []
            : [{ skuId: at(world.skuIds, sku), warehouseId: at(world.warehouseIds, house), quantity }],
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
