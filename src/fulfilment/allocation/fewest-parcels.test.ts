import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId, type OrderId, type PartId, type ShopId, type SkuId, type WarehouseId } from '../../kernel/index.ts';
import { compareDemand } from '../../stock/index.ts';
import { fewestParcels } from './fewest-parcels.ts';
import type { DemandGroup, FreeLevel, Plan, RankedWarehouse } from './policy.ts';

const ids = <Name extends string>(count: number): (string & ReturnType<typeof newId<Name>>)[] =>
  Array.from({ length: count }, () => newId<Name>());
const shops: ShopId[] = ids<'shop'>(2);
const skus: SkuId[] = ids<'sku'>(4);
const houses: WarehouseId[] = ids<'warehouse'>(10);
const orders: OrderId[] = ids<'order'>(8);
const parts: PartId[] = ids<'order_line_part'>(64);

const at = <Item>(items: readonly Item[], index: number): Item => {
  const item = items[index];
  if (item === undefined) throw new Error(`no item ${index}`);
  return item;
};
const [a, b, c] = [at(houses, 0), at(houses, 1), at(houses, 2)];
const [x, y] = [at(skus, 0), at(skus, 1)];
const shop = at(shops, 0);

function serving(...warehouseIds: WarehouseId[]): RankedWarehouse[] {
  return warehouseIds.map((warehouseId, rank) => ({ shopId: shop, warehouseId, rank }));
}

function order(index: number, lines: readonly [SkuId, number][], more: Partial<DemandGroup> = {}): DemandGroup {
  return {
    orderId: at(orders, index),
    shopId: shop,
    priority: 0,
    shipBy: null,
    paidAt: null,
    placedAt: new Date(index * 1_000),
    openWarehouseIds: [],
    lines: lines.map(([skuId, quantity], line) => ({ partId: at(parts, index * 8 + line), skuId, quantity })),
    ...more,
  };
}

const free = (warehouseId: WarehouseId, skuId: SkuId, units: number): FreeLevel => ({
  warehouseId,
  skuId,
  free: units,
});

function dealt(plan: Plan, index = 0): (readonly [WarehouseId, SkuId, number])[] {
  return at(plan.orders, index).assignments.map((one) => [one.warehouseId, one.skuId, one.quantity] as const);
}

test('a line of five with three here and two there is split three and two', () => {
  const plan = fewestParcels([order(0, [[x, 5]])], [free(a, x, 3), free(b, x, 2)], serving(a, b));
  expect(dealt(plan)).toEqual([
    [a, x, 3],
    [b, x, 2],
  ]);
});

test('a line of thirteen never takes more from a warehouse than is free there', () => {
  const plan = fewestParcels([order(0, [[x, 13]])], [free(a, x, 6), free(b, x, 9)], serving(a, b));
  expect(dealt(plan)).toEqual([
    [a, x, 6],
    [b, x, 7],
  ]);
});

test('one warehouse that has everything wins over a better ranked one that has a part', () => {
  const levels = [free(a, x, 9), free(b, x, 9), free(b, y, 9)];
  const plan = fewestParcels(
    [
      order(0, [
        [x, 1],
        [y, 1],
      ]),
    ],
    levels,
    serving(a, b),
  );
  expect(dealt(plan).map(([warehouseId]) => warehouseId)).toEqual([b, b]);
});

test('of two warehouses that have everything the better ranked one is chosen', () => {
  const levels = [free(a, x, 1), free(b, x, 100)];
  expect(dealt(fewestParcels([order(0, [[x, 1]])], levels, serving(b, a)))).toEqual([[b, x, 1]]);
  expect(dealt(fewestParcels([order(0, [[x, 1]])], levels, serving(a, b)))).toEqual([[a, x, 1]]);
});

test('two warehouses are chosen where the first three by rank would be three parcels', () => {
  const levels = [free(a, x, 1), free(b, y, 1), free(c, x, 2), free(c, y, 1)];
  const plan = fewestParcels(
    [
      order(0, [
        [x, 3],
        [y, 2],
      ]),
    ],
    levels,
    serving(a, b, c),
  );
  expect(new Set(dealt(plan).map(([warehouseId]) => warehouseId)).size).toBe(3);
  const two = fewestParcels(
    [
      order(0, [
        [x, 3],
        [y, 1],
      ]),
    ],
    levels,
    serving(a, b, c),
  );
  expect(new Set(dealt(two).map(([warehouseId]) => warehouseId))).toEqual(new Set([a, c]));
});

test('a warehouse with a parcel of the order already planned is chosen before a better ranked one', () => {
  const wanted = order(0, [[x, 1]], { openWarehouseIds: [b] });
  expect(dealt(fewestParcels([wanted], [free(a, x, 5), free(b, x, 5)], serving(a, b)))).toEqual([[b, x, 1]]);
});

test('two lines that share the last unit get it once, and the other is short', () => {
  const plan = fewestParcels(
    [
      order(0, [
        [x, 1],
        [x, 1],
      ]),
    ],
    [free(a, x, 1)],
    serving(a),
  );
  expect(dealt(plan)).toEqual([[a, x, 1]]);
  expect(at(plan.orders, 0).short).toMatchObject([{ skuId: x, quantity: 1 }]);
});

test('scarce units go by priority, then ship-by, then paid at, then placed at, then order id', () => {
  const day = (n: number): Date => new Date(Date.UTC(2026, 0, n));
  const ranked = [
    order(7, [[x, 1]], { priority: 1, placedAt: day(9) }),
    order(6, [[x, 1]], { shipBy: day(2), placedAt: day(9) }),
    order(5, [[x, 1]], { shipBy: day(3), paidAt: day(1), placedAt: day(9) }),
    order(4, [[x, 1]], { paidAt: day(1), placedAt: day(8) }),
    order(3, [[x, 1]], { paidAt: day(2), placedAt: day(1) }),
    order(2, [[x, 1]], { placedAt: day(1) }),
    order(0, [[x, 1]], { placedAt: day(2) }),
    order(1, [[x, 1]], { placedAt: day(2) }),
  ];
  for (let units = 0; units <= ranked.length; units += 1) {
    const plan = fewestParcels([...ranked].reverse(), [free(a, x, units)], serving(a));
    const served = plan.orders.filter((one) => one.assignments.length > 0).map((one) => one.orderId);
    expect(served).toEqual(ranked.slice(0, units).map((one) => one.orderId));
  }
});

test('every warehouse that serves the shop is explained', () => {
  const levels = [free(a, x, 3), free(b, x, 5), free(c, x, 5)];
  const plan = fewestParcels([order(0, [[x, 5]], { openWarehouseIds: [b] })], levels, serving(a, b, c, at(houses, 3)));
  expect(at(plan.orders, 0).reasons).toEqual([
    {
      warehouseId: a,
      outcome: 'rejected',
      code: 'has_less',
      lacks: [{ skuId: x, wanted: 5, free: 3 }],
      place: 1,
      hasParcel: false,
    },
    { warehouseId: b, outcome: 'chosen', code: 'serves_all', lacks: [], place: 2, hasParcel: true },
    { warehouseId: c, outcome: 'rejected', code: 'not_needed', lacks: [], place: 3, hasParcel: false },
    {
      warehouseId: at(houses, 3),
      outcome: 'rejected',
      code: 'has_none',
      lacks: [{ skuId: x, wanted: 5, free: 0 }],
      place: 4,
      hasParcel: false,
    },
  ]);
});

const houseCount = fc.integer({ min: 1, max: houses.length });
const problem = houseCount.chain((count) =>
  fc.record({
    demand: fc.array(
      fc.record({
        shop: fc.nat({ max: 1 }),
        priority: fc.nat({ max: 1 }),
        placed: fc.nat({ max: 3 }),
        lines: fc.array(fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 5 }),
        open: fc.subarray(houses.slice(0, count)),
      }),
      { maxLength: 8 },
    ),
    free: fc.array(fc.nat({ max: 12 }), { minLength: count * 4, maxLength: count * 4 }),
    ranks: fc.array(fc.nat({ max: 3 }), { minLength: count * 2, maxLength: count * 2 }),
  }),
);

type Problem = typeof problem extends fc.Arbitrary<infer Value> ? Value : never;

function toInputs(given: Problem): { demand: DemandGroup[]; levels: FreeLevel[]; warehouses: RankedWarehouse[] } {
  return {
    demand: given.demand.map((one, index) =>
      order(
        index,
        one.lines.map(([sku, quantity]): [SkuId, number] => [at(skus, sku), quantity]),
        {
          shopId: at(shops, one.shop),
          priority: one.priority,
          placedAt: new Date(one.placed),
          openWarehouseIds: one.open,
        },
      ),
    ),
    levels: given.free.map((units, index) => free(at(houses, Math.floor(index / 4)), at(skus, index % 4), units)),
    warehouses: given.ranks.map((rank, index) => ({
      shopId: at(shops, index % 2),
      warehouseId: at(houses, Math.floor(index / 2)),
      rank,
    })),
  };
}

const key = (warehouseId: string, skuId: string): string => `${warehouseId} ${skuId}`;

/** The first thing that is wrong with a plan, or null. `expect` in these loops would take most of the time. */
function fault(plan: Plan, { demand, levels, warehouses }: ReturnType<typeof toInputs>): string | null {
  const left = new Map(levels.map((level) => [key(level.warehouseId, level.skuId), level.free]));
  for (const [index, group] of [...demand].sort(compareDemand).entries()) {
    const planned = plan.orders[index];
    if (planned?.orderId !== group.orderId) return 'orders are not served by rank';
    for (const one of planned.assignments) {
      const place = key(one.warehouseId, one.skuId);
      left.set(place, (left.get(place) ?? 0) - one.quantity);
      if ((left.get(place) ?? 0) < 0 || one.quantity <= 0) return 'more was taken than is free';
    }
    for (const line of group.lines) {
      const own = [...planned.assignments, ...planned.short].filter((one) => one.partId === line.partId);
      if (own.reduce((sum, one) => sum + one.quantity, 0) !== line.quantity) return 'a unit was lost';
    }
    const own = warehouses.filter((one) => one.shopId === group.shopId);
    const idle = planned.short.some(({ skuId }) => own.some((one) => (left.get(key(one.warehouseId, skuId)) ?? 0) > 0));
    if (idle) return 'a free unit was left while somebody was short';
  }
  return null;
}

test('no plan takes more than is free, loses a unit, or leaves one that it could have dealt', () => {
  fc.assert(
    fc.property(problem, (given) => {
      const inputs = toInputs(given);
      return fault(fewestParcels(inputs.demand, inputs.levels, inputs.warehouses), inputs) === null;
    }),
    { numRuns: 1_500 },
  );
});

test('the property sees a plan that sells a unit twice', () => {
  const demand = [order(0, [[x, 1]]), order(1, [[x, 1]])];
  const [levels, warehouses] = [[free(a, x, 1)], serving(a)];
  const naive: Plan = {
    orders: demand.flatMap((group) => fewestParcels([group], levels, warehouses).orders),
  };
  expect(fault(naive, { demand, levels, warehouses })).toBe('more was taken than is free');
});

test('the order of the inputs changes nothing', () => {
  const shuffled = problem.chain((given) => {
    const { demand, levels, warehouses } = toInputs(given);
    const shuffle = <Item>(items: Item[]): fc.Arbitrary<Item[]> =>
      fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length });
    return fc.record({
      straight: fc.constant({ demand, levels, warehouses }),
      mixed: fc.record({ demand: shuffle(demand), levels: shuffle(levels), warehouses: shuffle(warehouses) }),
    });
  });
  fc.assert(
    fc.property(shuffled, ({ straight, mixed }) => {
      expect(fewestParcels(mixed.demand, mixed.levels, mixed.warehouses)).toEqual(
        fewestParcels(straight.demand, straight.levels, straight.warehouses),
      );
    }),
    { numRuns: 500 },
  );
});
