import { describe, expect, it } from 'vitest';
import { receiverOf, soldLine, soldOrder } from '../../../test/support/factories/channel-order.ts';
import { useDatabase } from '../../../test/support/database.ts';
import {
  expectOrdersSound,
  openIntakeWorld,
  openUnits,
  type IntakeWorld,
} from '../../../test/support/factories/intake-world.ts';
import { readReceiver, type OrderDetail, type SoldOrder } from '../../orders/index.ts';
import { advanceShipments, allocate, listShipments } from '../index.ts';

const database = useDatabase();

describe('edits', () => {
  async function reserved(world: IntakeWorld, order: SoldOrder): Promise<OrderDetail> {
    await world.takeIn([order]);
    await database.run((ctx) => allocate(ctx, 100));
    return world.read(order.externalId);
  }

  it('adds, raises, lowers and removes lines, and the units follow', async () => {
    const world = await openIntakeWorld(database);
    await world.takeIn([soldOrder('o1', { lines: [soldLine('a', { quantity: 3 }), soldLine('b', { quantity: 2 })] })]);
    const edited = [soldLine('a', { quantity: 5 }), soldLine('c', { listingExternalId: 'listing-2' })];
    await world.takeIn([soldOrder('o1', { lines: edited }), 1]);
    const order = await world.read('o1');
    expect(await world.unitsOf(order)).toEqual(
      expect.arrayContaining([
        { ...openUnits, ordered: 5, demand: 5 },
        { ...openUnits, ordered: 2, cancelled: 2, demand: 0 },
        { ...openUnits, ordered: 6, demand: 6 },
      ]),
    );
    expect(order.totalMinor).toBe(6_000);
    expect(order.timeline.map((entry) => entry.kind)).toContain('edited');
    await world.takeIn([soldOrder('o1', { lines: [soldLine('a', { quantity: 1 })] }), 2]);
    expect((await world.unitsOf(await world.read('o1')))[0]).toMatchObject({ ordered: 5, cancelled: 4, demand: 1 });
    await expectOrdersSound(database);
  });

  it('takes reserved units back for a cancel before packing', async () => {
    const world = await openIntakeWorld(database);
    const before = await reserved(world, soldOrder('o1', { lines: [soldLine('a', { quantity: 3 })] }));
    expect((await world.unitsOf(before))[0]?.demand).toBe(0);
    await world.takeIn([soldOrder('o1', { lines: [soldLine('a', { quantity: 3, cancelledQuantity: 2 })] }), 1]);
    const order = await world.read('o1');
    expect((await world.unitsOf(order))[0]).toMatchObject({ ordered: 3, cancelled: 2, demand: 0 });
    expect((await world.promises())[0]).toBe(99);
    await expectOrdersSound(database);
  });

  it('leaves a packed parcel as it is when the order is cancelled, and holds the order for a person', async () => {
    const world = await openIntakeWorld(database);
    await reserved(world, soldOrder('o1'));
    const shipments = await database.read((db) => listShipments(db, { after: null, limit: 200 }));
    const mine = shipments.items.at(0);
    if (mine === undefined) throw new Error('no shipment');
    for (const to of ['released', 'picked', 'packed'] as const) {
      await database.run((ctx) => advanceShipments(ctx, [{ shipmentId: mine.shipmentId, to }]));
    }
    await world.takeIn([soldOrder('o1', { cancelledAt: '2026-11-20T12:00:00Z' }), 1]);
    const order = await world.read('o1');
    expect((await world.unitsOf(order))[0]).toMatchObject({ ordered: 1, cancelled: 0, demand: 0 });
    expect(order.holds).toContain('manual');
    expect(order.timeline.map((entry) => entry.kind)).toContain('change_too_late');
    await expectOrdersSound(database);
  });

  it('plans the parcel anew when the address changes before packing', async () => {
    const world = await openIntakeWorld(database);
    await reserved(world, soldOrder('o1'));
    await world.takeIn([soldOrder('o1', { receiver: receiverOf({ city: 'Bremen', lines: ['Weserweg 2'] }) }), 1]);
    const order = await world.read('o1');
    expect((await world.unitsOf(order))[0]?.demand).toBe(1);
    expect(order.receiver?.city).toBe('Bremen');
    expect(order.timeline.map((entry) => entry.kind)).toContain('address_changed');
    await expectOrdersSound(database);
  });

  it('never overwrites a stored address with an empty or a masked one', async () => {
    const world = await openIntakeWorld(database);
    await world.takeIn([soldOrder('o1')]);
    await world.takeIn([soldOrder('o1', { receiver: receiverOf({ phone: '', city: '', lines: [] }) }), 1]);
    const masked = { ...receiverOf({ name: 'A***', lines: ['***'] }), sourcePolicy: 'masked' as const };
    await world.takeIn([soldOrder('o1', { receiver: masked }), 2]);
    await world.takeIn([soldOrder('o1', { receiver: null, buyerNote: 'x' }), 3]);
    const order = await world.read('o1');
    const receiver = await database.read((db) => readReceiver(db, world.deps.keyring, order.orderId));
    expect(receiver?.address).toEqual(receiverOf().address);
    expect(order.receiver).toEqual({
      name: 'A**',
      phone: '***4567',
      city: 'Hamburg',
      region: '',
      postalCode: '20457',
      countryCode: 'DE',
    });
    expect(order.holds).toEqual([]);
  });

  it('keeps the amounts as first sold when the channel zeroes a cancelled order', async () => {
    const world = await openIntakeWorld(database);
    const full = soldOrder('o1', {
      shipping: [{ externalId: 's', title: 'Post', amountMinor: 500, taxes: [] }],
      totalMinor: 1_500,
    });
    const zeroed = soldOrder('o1', {
      lines: [soldLine('line-1', { amountMinor: 0, cancelledQuantity: 1 })],
      totalMinor: 0,
      amountsAreReduced: true,
      cancelledAt: '2026-11-20T12:00:00Z',
    });
    await world.takeIn([full]);
    await world.takeIn([zeroed, 1]);
    const order = await world.read('o1');
    expect([order.totalMinor, order.linesMinor, order.shippingMinor, order.lines[0]?.amountMinor]).toEqual([
      1_500, 1_000, 500, 1_000,
    ]);
    expect(order.cancelledAt).not.toBeNull();
    await expectOrdersSound(database);
  });
});
