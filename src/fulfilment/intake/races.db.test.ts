import { expect, it } from 'vitest';
import { receiverOf } from '../../../test/support/factories/channel-order.ts';
import { at, useRing, type Contest, type Round } from '../../../test/support/races/contest.ts';
import { openParcelIds, sell, soldIn, stockUp, takeIn, tracked, unitsOf } from '../../../test/support/races/goods.ts';
import type { ShipmentId } from '../../kernel/index.ts';
import { advanceShipments, allocate, mergeShipments, shipOut } from '../index.ts';

const ring = useRing();

type ChannelOrder = ReturnType<typeof soldIn>;

type Planned = { readonly orders: readonly ChannelOrder[]; readonly parcels: readonly ShipmentId[] };

/** Orders of four units each, allocated, each in a parcel of its own. */
const plan =
  (count: number) =>
  async (round: Round): Promise<Planned> => {
    const orders = Array.from({ length: count }, (_, order) => soldIn(round, order, [[0, 4]]));
    await stockUp(round, 4 * count);
    await sell(round, ...orders);
    await round.world.database.run((ctx) => allocate(ctx, 50));
    return { orders, parcels: openParcelIds(await round.see()) };
  };

const show = (round: Round, order: ChannelOrder, atMs: number) => () =>
  round.world.database.run((ctx) => takeIn(ctx, round, [order], atMs));

it('a cancel and a ship-out: either the parcel has left or its units are free again', async () => {
  const contest: Contest<Planned> = {
    open: plan(1),
    contestants: (round, { orders, parcels }) => [
      () => round.world.database.run((ctx) => shipOut(ctx, [tracked(at(parcels))])),
      show(round, { ...at(orders), cancelledAt: '2026-11-20T12:00:00Z' }, 1),
      () => round.world.database.run((ctx) => shipOut(ctx, [tracked(at(parcels))])),
    ],
    expectSound(seen) {
      const [shipped, cancelled] = [unitsOf(seen, 'shipped'), unitsOf(seen, 'cancelled')];
      expect([0, 4]).toContain(shipped);
      expect(cancelled).toBe(4 - shipped);
      expect(unitsOf(seen, 'reserved') + unitsOf(seen, 'demand')).toBe(0);
      expect(seen.orders.map(({ isCancelled }) => isCancelled)).toEqual([true]);
    },
    refusals: ['shipment.order_blocked', 'shipment.transition_refused', 'shipment.empty'],
  };
  const outcomes = await ring.fight('ship-out against cancel', contest);
  expect(outcomes.get('done')).toBeGreaterThan(0);
});

it('an edit and a packing: either the units come back in time, or a person is asked', async () => {
  const contest: Contest<Planned> = {
    open: plan(1),
    contestants: (round, { orders, parcels }) => [
      show(round, soldIn(round, 0, [[0, 1]]), 1),
      async () => {
        for (const to of ['released', 'picked', 'packed'] as const) {
          await round.world.database.run((ctx) => advanceShipments(ctx, [{ shipmentId: at(parcels), to }]));
        }
      },
      show(round, at(orders), 0),
    ],
    expectSound(seen) {
      const isHeld = at(seen.orders).holds.includes('manual');
      expect({ isHeld, reserved: unitsOf(seen, 'reserved'), cancelled: unitsOf(seen, 'cancelled') }).toEqual(
        isHeld ? { isHeld, reserved: 4, cancelled: 0 } : { isHeld, reserved: 1, cancelled: 3 },
      );
    },
    refusals: ['shipment.order_blocked'],
  };
  await ring.fight('an edit against packing', contest);
});

it('a moved address and a merge of the old parcel never send both orders to one door', async () => {
  const contest: Contest<Planned> = {
    open: plan(2),
    contestants: (round, { orders, parcels }) => [
      () => round.world.database.run((ctx) => mergeShipments(ctx, { shipmentIds: parcels })),
      show(round, { ...at(orders), receiver: receiverOf({ name: 'Grace Hopper' }) }, 1),
      () => round.world.database.run((ctx) => allocate(ctx, 50)),
    ],
    async expectSound(_seen, _start, _outcomes, round) {
      while ((await round.world.database.run((ctx) => allocate(ctx, 50))).more);
      const seen = await round.see();
      expect(seen.broken).toEqual([]);
      const orderOf = new Map(seen.parts.map(({ id, orderId }) => [id, orderId]));
      const shared = seen.parcels.filter(({ lines }) => {
        const held = lines.filter(({ units }) => units > 0);
        return new Set(held.map(({ partId }) => orderOf.get(partId))).size > 1;
      });
      expect({ shared, reserved: unitsOf(seen, 'reserved') }).toEqual({ shared: [], reserved: 8 });
    },
    refusals: ['shipment.not_mergeable', 'shipment.not_found', 'shipment.transition_refused'],
  };
  await ring.fight('a moved address against a merge', contest);
});

it('documents of one order that arrive at once leave it as the newest says', async () => {
  const contest: Contest<Planned> = {
    open: plan(1),
    contestants: (round) => [3, 1, 5, 2, 4].map((quantity) => show(round, soldIn(round, 0, [[0, quantity]]), quantity)),
    expectSound(seen) {
      const kept = unitsOf(seen, 'reserved') + unitsOf(seen, 'demand');
      expect({ kept, total: at(seen.orders).totalMinor }).toEqual({ kept: 5, total: 5_000 });
    },
  };
  await ring.fight('documents of one order', contest);
});
