import { describe, expect, it } from 'vitest';
import { documentOf, soldLine, soldOrder } from '../../../test/support/factories/channel-order.ts';
import { useDatabase } from '../../../test/support/database.ts';
import { expectOrdersSound, openIntakeWorld, openUnits } from '../../../test/support/factories/intake-world.ts';
import { keepTombstones } from '../../orders/index.ts';
import { takeInOrders } from './take-in-orders.ts';

const database = useDatabase();

describe('the order of documents', () => {
  const paid = soldOrder('o1');
  const cancelled = soldOrder('o1', { cancelledAt: '2026-11-20T12:00:00Z', cancelReason: 'changed my mind' });

  it('ignores an older update that comes after a newer one', async () => {
    const world = await openIntakeWorld(database);
    await world.takeIn([cancelled, 2]);
    expect(await world.takeIn([paid, 1])).toEqual([{ externalId: 'o1', outcome: 'older', cause: null }]);
    const order = await world.read('o1');
    expect(order.cancelledAt).not.toBeNull();
    expect(await world.unitsOf(order)).toEqual([{ ...openUnits, ordered: 1, cancelled: 1, demand: 0 }]);
  });

  it('trusts the version before the time of the read', async () => {
    const world = await openIntakeWorld(database);
    await world.takeIn([soldOrder('o1', { version: '18446744073709551616' }), 1]);
    const late = soldOrder('o1', { version: '9', buyerNote: 'older' });
    expect((await world.takeIn([late, 5]))[0]?.outcome).toBe('older');
    const next = soldOrder('o1', { version: '18446744073709551617', buyerNote: 'newer' });
    expect((await world.takeIn([next, 0]))[0]?.outcome).toBe('updated');
  });

  it('applies a content that went from A to B and back to A', async () => {
    const world = await openIntakeWorld(database);
    const other = soldOrder('o1', { lines: [soldLine('line-1', { quantity: 4 })] });
    await world.takeIn([paid, 1]);
    await world.takeIn([other, 2]);
    expect((await world.takeIn([paid, 3]))[0]?.outcome).toBe('updated');
    const order = await world.read('o1');
    expect([order.version, order.totalMinor, order.lines[0]?.quantity]).toEqual([3, 1_000, 1]);
    expect((await world.unitsOf(order))[0]).toMatchObject({ ordered: 4, cancelled: 3, demand: 1 });
    await expectOrdersSound(database);
  });

  it('stores an order whose cancel notice came first as cancelled, and believes a later read', async () => {
    const world = await openIntakeWorld(database);
    await database.run((ctx) =>
      keepTombstones(ctx, world.shopId, [{ externalId: 'o1', cancelledAt: new Date(), reason: 'notice' }]),
    );
    await world.takeIn([paid, 1]);
    const order = await world.read('o1');
    expect([order.cancelReason, (await world.unitsOf(order))[0]?.demand]).toEqual(['notice', 0]);
    const later = documentOf(soldOrder('o1', { buyerNote: 'still wanted' }));
    await database.run((ctx) =>
      takeInOrders(ctx, world.deps, world.shopId, [{ ...later, readStartedAt: new Date(ctx.now.getTime() + 1_000) }]),
    );
    const reopened = await world.read('o1');
    expect([reopened.cancelledAt, (await world.unitsOf(reopened))[0]?.demand]).toEqual([null, 1]);
    await expectOrdersSound(database);
  });
});
