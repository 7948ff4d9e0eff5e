import { expect } from 'vitest';
import type { SkuId, WarehouseId } from '../../../src/kernel/index.ts';
import type { Ctx } from '../../../src/platform/db/index.ts';
import { availableToPromise } from '../../../src/stock/index.ts';
import { expectSame, type Told } from './compare.ts';
import { promised, unitsPerListing, type Model, type Order } from './model.ts';
import type { Observed, SeenOrder, SeenPart } from './observe.ts';
import type { WalkWorld } from './world.ts';

export type Real = {
  readonly world: WalkWorld;
  readonly walk: string;
  readonly skuIds: readonly SkuId[];
  /** What stood after the last command. */
  seen: Observed;
  /** Entries that the command's verbs owe to timelines, as order key and kind. */
  owed: Told[];
  /** When documents are read; moves on with every command. */
  nowMs: number;
};

export type Command = { run(model: Model, real: Real): Promise<void>; toString(): string };

/** How often each kind of command ran: a walk that goes nowhere proves nothing. */
export const done = new Map<string, number>();

/**
 * A command runs a verb against the database and says what it does to the maps; then everything is compared. One that found
 * nothing to act on answers `false` and is not counted.
 */
export function command(name: string, work: (model: Model, real: Real) => Promise<void | false>): Command {
  return {
    toString: () => name,
    async run(model, real) {
      real.owed = [];
      real.nowMs = Math.ceil((real.nowMs + 1) / 10) * 10;
      if ((await work(model, real)) === false) return;
      const [kind = name] = name.split(' ');
      done.set(kind, (done.get(kind) ?? 0) + 1);
      const seen = await real.world.observer.see(real.walk);
      expectSame(model, { before: real.seen, seen, owed: real.owed });
      await expectPromise(model, real);
      real.seen = seen;
    },
  };
}

/** What one shop may promise of one SKU, by the product's own verb; over the commands of a walk every pair has its turn. */
async function expectPromise(model: Model, { world, skuIds, nowMs }: Real): Promise<void> {
  const turn = Math.floor(nowMs / 10);
  const shop = turn % world.shopIds.length;
  const sku = Math.floor(turn / world.shopIds.length) % unitsPerListing.length;
  const [shopId, skuId] = [pick(world.shopIds, shop), pick(skuIds, sku)];
  const told = await world.database.read((db) => availableToPromise(db, shopId, [skuId]));
  expect({ shop, sku, promised: told.get(skuId) }).toEqual({ shop, sku, promised: promised(model, shop, sku) });
}

export const pick = <Item>(items: readonly Item[], seed: number): Item => {
  const item = items[seed % items.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

export const run = <Result>({ world }: Real, work: (ctx: Ctx) => Promise<Result>): Promise<Result> =>
  world.database.run(work);

/** The verb is refused with this code, and whatever it did is undone. */
export async function expectRefused(work: Promise<unknown>, code: string): Promise<void> {
  await expect(work).rejects.toMatchObject({ code });
}

export const skuAt = ({ skuIds }: Real, seed: number): { sku: number; skuId: SkuId } => {
  const sku = seed % skuIds.length;
  return { sku, skuId: pick(skuIds, sku) };
};

export const houseAt = ({ world }: Real, seed: number): { house: number; warehouseId: WarehouseId } => {
  const house = seed % world.warehouseIds.length;
  return { house, warehouseId: pick(world.warehouseIds, house) };
};

export function seenOrder({ seen }: Real, { key }: Order): SeenOrder {
  const found = seen.orders.find((order) => orderKey(order) === key);
  if (found === undefined) throw new Error(`no order ${key} was seen`);
  return found;
}

export function seenPart(real: Real, order: Order, line: string): SeenPart {
  const { id } = seenOrder(real, order);
  const found = real.seen.parts.find((part) => part.orderId === id && part.line === line);
  if (found === undefined) throw new Error(`no part of line ${line} of ${order.key} was seen`);
  return found;
}

export const orderKey = ({ shop, externalId }: Pick<SeenOrder, 'shop' | 'externalId'>): string =>
  `${shop}:${externalId}`;

export const owe = (real: Real, order: Order, kind: string): void => void real.owed.push({ order: order.key, kind });
