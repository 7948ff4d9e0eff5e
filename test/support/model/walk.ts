import type fc from 'fast-check';
import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import type { ShipmentDetail } from '../../../src/fulfilment/index.ts';
import type { SkuId, WarehouseId } from '../../../src/kernel/index.ts';
import { list, rows, type Ctx, type DomainEvent } from '../../../src/platform/db/index.ts';
import { availableToPromise } from '../../../src/stock/index.ts';
import type { TestDatabase } from '../database.ts';
import { skusOf, type World } from '../factories/stock.ts';
import { expectInvariants, levelOf, readPicture, type PartModel, type Picture } from './picture.ts';

/**
 * Commands against a real Postgres, and the same against plain maps. The model knows levels and parts; which warehouse serves
 * a part is the planner's business, so shipments are read back, and what they hold is compared with the parts.
 */

export type Part = { -readonly [Key in keyof PartModel]: PartModel[Key] } & { readonly placed: number };
export type Model = { readonly onHand: Map<string, number>; readonly parts: Part[] };
export type Promises = readonly ReadonlyMap<SkuId, number>[];
export type Real = {
  readonly database: TestDatabase;
  readonly world: World;
  events: readonly DomainEvent[];
  promises: Promises;
};

/** What each shop may promise, in the order of the world's shops. */
export function readPromises(database: TestDatabase, { shopIds, skuIds }: World): Promise<Promises> {
  return Promise.all(shopIds.map((shopId) => database.read((db) => availableToPromise(db, shopId, skuIds))));
}

export type Command = fc.AsyncCommand<Model, Real>;

/** How often each kind of command ran: a walk that goes nowhere proves nothing. */
export const done = new Map<string, number>();

export const pick = <Item>(items: readonly Item[], seed: number): Item => {
  const item = items[seed % items.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

export async function run<Result>(real: Real, work: (ctx: Ctx) => Promise<Result>): Promise<Result> {
  return real.database.run(async (ctx) => {
    const result = await work(ctx);
    real.events = [...ctx.events];
    return result;
  });
}

/** Runs a verb that changes the world, and compares everything afterwards. */
export function command(
  name: string,
  check: (model: Model) => boolean,
  work: (model: Model, real: Real) => Promise<void>,
): Command {
  return {
    check: (model) => check(model),
    toString: () => name,
    async run(model, real) {
      const { skuIds } = real.world;
      real.events = [];
      await work(model, real);
      const [kind] = name.split(' ');
      done.set(kind ?? name, (done.get(kind ?? name) ?? 0) + 1);
      compare(model, await readPicture(real.database, skuIds));
      await expectInvariants(real.database, skuIds);
      const told = new Set(skusOf(real.events, 'stock.changed'));
      const before = real.promises;
      real.promises = await readPromises(real.database, real.world);
      const moved = (skuId: SkuId): boolean =>
        before.some((promises, shop) => promises.get(skuId) !== real.promises[shop]?.get(skuId));
      const untold = skuIds.filter((skuId) => !told.has(skuId) && moved(skuId));
      expect(untold).toEqual([]);
    },
  };
}

function compare(model: Model, picture: Picture): void {
  const units = (levels: ReadonlyMap<string, number>) => Object.fromEntries([...levels].filter(([, on]) => on > 0));
  expect(units(picture.onHand)).toEqual(units(model.onHand));
  const facts = (parts: Iterable<PartModel>) =>
    Object.fromEntries(
      [...parts].map(({ partId, ordered, cancelled, shipped, reserved, demand, isHeld }) => [
        partId,
        { ordered, cancelled, shipped, reserved, demand, isHeld },
      ]),
    );
  expect(facts(picture.parts.values())).toEqual(facts(model.parts));
}

export type Open = Pick<ShipmentDetail, 'shipmentId' | 'warehouseId' | 'state' | 'units' | 'lines'>;

export function openShipments(real: Real): Promise<Open[]> {
  return real.database.read((db) =>
    rows<Open>(
      db,
      sql`select s.id as "shipmentId", s.warehouse_id as "warehouseId", s.state, sum(line.quantity)::int4 as units,
            jsonb_agg(jsonb_build_object('shipmentLineId', line.id, 'partId', line.part_id, 'skuId', line.sku_id,
              'quantity', line.quantity) order by line.id) as lines
          from shipments s join shipment_lines line on line.shipment_id = s.id and line.quantity > 0
          where s.state not in ('shipped', 'cancelled') and s.warehouse_id = any(${list('uuid', real.world.warehouseIds)})
          group by s.id order by s.id`,
    ),
  );
}

export const partOf = (model: Model, partId: string): Part => {
  const part = model.parts.find((one) => one.partId === partId);
  if (part === undefined) throw new Error('no such part in the model');
  return part;
};

export const addOnHand = (model: Model, skuId: SkuId, warehouseId: WarehouseId, units: number): void => {
  const key = levelOf(skuId, warehouseId);
  model.onHand.set(key, (model.onHand.get(key) ?? 0) + units);
};

export const freeUnits = (model: Model, skuId: SkuId): number => {
  const onHand = [...model.onHand].filter(([key]) => key.startsWith(skuId)).reduce((sum, [, units]) => sum + units, 0);
  return onHand - model.parts.filter((part) => part.skuId === skuId).reduce((sum, part) => sum + part.reserved, 0);
};

export const hasOpen = (model: Model): boolean => model.parts.some((part) => part.reserved > 0);
export const isBlocked = (model: Model, shipment: Open): boolean =>
  shipment.lines.some((line) => line.quantity > 0 && partOf(model, line.partId).isHeld);
