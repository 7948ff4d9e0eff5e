import { expect, it } from 'vitest';
import { at, useRing, type Contest } from '../../test/support/races/contest.ts';
import { openParcelIds, sell, soldIn, stockUp, takeIn, tracked, unitsOf } from '../../test/support/races/goods.ts';
import type { ShipmentId } from '../kernel/index.ts';
import { placeHolds } from '../orders/index.ts';
import { adjustStock, allocate, mergeShipments, shipOut, splitShipment } from './index.ts';

const ring = useRing();

it('buyers of the same SKU at once get what there is, and the others wait', async () => {
  const contest: Contest<void> = {
    open: (round) => stockUp(round, 3),
    contestants: (round) =>
      Array.from(
        { length: 6 },
        (_, buyer) => () =>
          round.world.database.run(async (ctx) => {
            await takeIn(ctx, round, [soldIn(round, buyer, [[0, 1]])]);
            await allocate(ctx, 1);
          }),
      ),
    async expectSound(_seen, _start, _outcomes, round) {
      while ((await round.world.database.run((ctx) => allocate(ctx, 50))).more);
      const seen = await round.see();
      expect({ reserved: unitsOf(seen, 'reserved'), demand: unitsOf(seen, 'demand') }).toEqual({
        reserved: 3,
        demand: 3,
      });
    },
  };
  await ring.fight('buyers of the same SKU', contest);
});

it('orders of two SKUs that cross never meet in a deadlock that anybody sees', async () => {
  const contest: Contest<void> = {
    open: (round) => stockUp(round, 30, 30, 30),
    contestants: (round) =>
      Array.from(
        { length: 5 },
        (_, buyer) => () =>
          round.world.database.run(async (ctx) => {
            const [one, two] = [buyer % 3, (buyer + 1) % 3];
            await takeIn(ctx, round, [
              soldIn(
                round,
                buyer,
                buyer % 2 === 0
                  ? [
                      [one, 1],
                      [two, 1],
                    ]
                  : [
                      [two, 1],
                      [one, 1],
                    ],
              ),
            ]);
            await allocate(ctx, 4);
          }),
      ),
    expectSound: (seen) => expect(seen.orders).toHaveLength(5),
  };
  await ring.fight('orders of crossing SKUs', contest);
});

it('allocators at once give every unit once and nobody more than is there', async () => {
  const contest: Contest<void> = {
    async open(round) {
      await stockUp(round, 7, 9);
      await sell(
        round,
        ...Array.from({ length: 6 }, (_, order) =>
          soldIn(round, order, [
            [0, 2],
            [1, 1],
          ]),
        ),
      );
    },
    contestants: (round) =>
      [1, 2, 50].map((limit) => async () => {
        while ((await round.world.database.run((ctx) => allocate(ctx, limit))).more);
      }),
    expectSound: (seen) => expect(unitsOf(seen, 'reserved')).toBe(7 + 9),
  };
  await ring.fight('allocators', contest);
});

it('a merge and a split of the same parcels lose no unit and no order', async () => {
  const contest: Contest<readonly ShipmentId[]> = {
    async open(round) {
      await stockUp(round, 12, 12);
      await sell(
        round,
        ...[0, 1, 2].map((order) =>
          soldIn(round, order, [
            [0, 3],
            [1, 1],
          ]),
        ),
      );
      await round.world.database.run((ctx) => allocate(ctx, 50));
      return openParcelIds(await round.see());
    },
    contestants(round, parcels) {
      const { database } = round.world;
      const split = async (shipmentId: ShipmentId) => {
        const line = at((await round.see()).parcels.find(({ id }) => id === shipmentId)?.lines ?? []);
        return database.run((ctx) =>
          splitShipment(ctx, { shipmentId, lines: [{ shipmentLineId: line.id, quantity: 1 }] }),
        );
      };
      const merge = (...from: number[]) =>
        database.run((ctx) => mergeShipments(ctx, { shipmentIds: from.map((index) => at(parcels, index)) }));
      return [
        () => merge(0, 1),
        () => merge(2, 1),
        () => split(at(parcels, 1)),
        () => split(at(parcels, 0)),
        () => merge(2, 0),
      ];
    },
    expectSound(seen) {
      expect(unitsOf(seen, 'reserved')).toBe(18);
      const orderOf = new Map(seen.parts.map(({ id, orderId }) => [id, orderId]));
      const held = seen.parcels.flatMap(({ lines }) => lines.filter(({ units }) => units > 0));
      expect(new Set(held.map(({ partId }) => orderOf.get(partId))).size).toBe(3);
    },
    refusals: ['shipment.not_mergeable', 'shipment.too_far', 'input.invalid'],
  };
  const outcomes = await ring.fight('merge against split', contest);
  expect(outcomes.get('done')).toBeGreaterThan(0);
});

it('a count and a ship-out of the same goods agree on who had them', async () => {
  const contest: Contest<readonly ShipmentId[]> = {
    async open(round) {
      await stockUp(round, 6);
      await sell(round, soldIn(round, 'a', [[0, 3]]), soldIn(round, 'b', [[0, 3]]));
      await round.world.database.run((ctx) => allocate(ctx, 50));
      return openParcelIds(await round.see());
    },
    contestants: (round, parcels) => [
      ...parcels.map((id) => () => round.world.database.run((ctx) => shipOut(ctx, [tracked(id)]))),
      () =>
        round.world.database.run((ctx) =>
          adjustStock(ctx, [
            { skuId: at(round.skuIds), warehouseId: round.warehouseId, delta: -2, reason: 'counted', note: null },
          ]),
        ),
    ],
    expectSound(seen, _parcels, outcomes) {
      const lost = outcomes.at(-1) === 'done' ? 2 : 0;
      const onHand = seen.levels.reduce((sum, level) => sum + level.onHand, 0);
      expect(onHand).toBe(6 - lost - unitsOf(seen, 'shipped'));
    },
    refusals: ['stock.below_reserved', 'shipment.empty'],
  };
  await ring.fight('a count against ship-outs', contest);
});

it('a hold that was placed stops what is not yet reserved, and takes nothing back', async () => {
  const contest: Contest<void> = {
    async open(round) {
      await stockUp(round, 4);
      await sell(round, soldIn(round, 'a', [[0, 2]]), soldIn(round, 'b', [[0, 2]]));
    },
    contestants: (round) => [
      () => round.world.database.run((ctx) => allocate(ctx, 50)),
      async () => {
        const { id: orderId } = at((await round.see()).orders);
        return round.world.database.run((ctx) => placeHolds(ctx, [{ orderId, kind: 'manual', cause: {} }]));
      },
      () => round.world.database.run((ctx) => allocate(ctx, 1)),
    ],
    async expectSound(before, _start, _outcomes, round) {
      while ((await round.world.database.run((ctx) => allocate(ctx, 50))).more);
      const held = before.parts.filter(({ isHeld }) => isHeld);
      const after = await round.see();
      expect(held).toHaveLength(1);
      expect(after.parts.filter(({ isHeld }) => isHeld)).toEqual(held);
      expect(unitsOf(after, 'reserved') + unitsOf(after, 'demand')).toBe(4);
    },
  };
  await ring.fight('allocation against a hold', contest);
});
