import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { soldLine, soldOrder } from '../../../test/support/factories/channel-order.ts';
import { useDatabase } from '../../../test/support/database.ts';
import { expectOrdersSound, openIntakeWorld } from '../../../test/support/factories/intake-world.ts';
import type { PartId } from '../../kernel/index.ts';
import { markPartsShipped, type SoldOrder } from '../../orders/index.ts';
import { rows } from '../../platform/db/index.ts';

const database = useDatabase();

describe('units that left elsewhere', () => {
  it('does not ship what the channel already shows as fulfilled', async () => {
    const world = await openIntakeWorld(database);
    await world.takeIn([soldOrder('o1', { lines: [soldLine('a', { quantity: 3, fulfilledQuantity: 2 })] })]);
    const order = await world.read('o1');
    expect((await world.unitsOf(order))[0]).toMatchObject({ ordered: 3, cancelled: 2, elsewhere: 2, demand: 1 });
    expect(order.fulfilmentState).toBe('partly_shipped');
    expect(order.timeline.map((entry) => entry.kind)).toContain('fulfilled_elsewhere');
    await expectOrdersSound(database);
  });

  it('does not take our own parcel for somebody else’s, however late the channel shows it', async () => {
    const world = await openIntakeWorld(database);
    const sold = (fulfilledQuantity: number, note: string): SoldOrder =>
      soldOrder('o1', { buyerNote: note, lines: [soldLine('a', { quantity: 3, fulfilledQuantity })] });
    await world.takeIn([sold(0, 'a')]);
    await world.takeIn([sold(1, 'b'), 1]);
    const part = (await world.read('o1')).lines[0]?.parts[0]?.partId as PartId;
    // As a ship-out of two units here does: demand and part move together.
    await database.run(async (ctx) => {
      await rows(ctx.tx, sql`update stock_demand set quantity = quantity - 2 where part_id = ${part}`);
      await markPartsShipped(ctx, [{ partId: part, quantity: 2 }]);
    });
    for (const [shown, atMs] of [
      [1, 2],
      [3, 3],
      [3, 4],
    ] as const) {
      await world.takeIn([sold(shown, `c${atMs}`), atMs]);
      const order = await world.read('o1');
      expect((await world.unitsOf(order))[0]).toMatchObject({
        ordered: 3,
        cancelled: 1,
        shipped: 2,
        elsewhere: 1,
        demand: 0,
      });
      expect(order.fulfilmentState).toBe('shipped');
    }
    await expectOrdersSound(database);
  });

  it('forgets a line that the channel removed after it had shown it as fulfilled', async () => {
    const world = await openIntakeWorld(database);
    const gone = soldLine('b', { listingExternalId: 'listing-3', fulfilledQuantity: 1 });
    await world.takeIn([soldOrder('o1', { lines: [soldLine('a'), gone] })]);
    expect((await world.read('o1')).fulfilmentState).toBe('partly_shipped');
    await world.takeIn([soldOrder('o1', { lines: [soldLine('a')] }), 1]);
    const order = await world.read('o1');
    expect([order.fulfilmentState, order.totalMinor]).toEqual(['open', 1_000]);
    await expectOrdersSound(database);
  });

  it('ships one parcel’s worth when the channel splits an order, whichever document comes first', async () => {
    const parent = soldOrder('p', { lines: [soldLine('1', { quantity: 3 })] });
    const parts = [1, 2].map((quantity) =>
      soldOrder(`p-${quantity}`, { partOfExternalId: 'p', lines: [soldLine('1', { quantity })] }),
    );
    const arrivals = [
      [[parent], parts],
      [parts, [parent]],
      [[parent, ...parts]],
      [[...parts, parent]],
      [[parts[0] as SoldOrder], [parent], [parts[1] as SoldOrder]],
    ];
    for (const batches of arrivals) {
      const world = await openIntakeWorld(database);
      for (const batch of batches) await world.takeIn(...batch.map((order) => [order] as [SoldOrder]));
      const orders = await Promise.all(['p', 'p-1', 'p-2'].map((id) => world.read(id)));
      const units = (await Promise.all(orders.map(world.unitsOf))).flat();
      expect(units.map((unit) => unit.demand)).toEqual([0, 1, 2]);
      expect(orders[0]?.supersededBy).not.toBeNull();
      expect((await world.promises())[0]).toBe(97);
    }
    await expectOrdersSound(database);
  });
});
