import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { soldLine, soldOrder } from '../../../test/support/factories/channel-order.ts';
import { useDatabase } from '../../../test/support/database.ts';
import { expectOrdersSound, openIntakeWorld, type IntakeWorld } from '../../../test/support/factories/intake-world.ts';
import type { ShipmentId, ShipmentLineId } from '../../kernel/index.ts';
import type { SoldOrder } from '../../orders/index.ts';
import { rows } from '../../platform/db/index.ts';
import { advanceShipments, allocate, shipOut, splitShipment, type ShipmentState } from '../index.ts';

const database = useDatabase();
const stocked = 100;

const whole = (note = '', quantity = 3): SoldOrder =>
  soldOrder('p', { buyerNote: note, lines: [soldLine('1', { quantity })] });
const partOf = (name: string, quantity: number, note = ''): SoldOrder =>
  soldOrder(`p-${name}`, { partOfExternalId: 'p', buyerNote: note, lines: [soldLine('1', { quantity })] });

type PlannedLine = { readonly shipmentId: ShipmentId; readonly shipmentLineId: ShipmentLineId };

/** Every order of the shop that nothing stops gets its units. */
async function allocateAll(): Promise<void> {
  for (;;) if (!(await database.run((ctx) => allocate(ctx, 500))).more) return;
}

/** Units of one order's open and sent parcels, by the state of the parcel. */
async function parcelsOf(world: IntakeWorld, externalId: string): Promise<[ShipmentState, number][]> {
  const found = await database.read((db) =>
    rows<{ state: ShipmentState; units: number }>(
      db,
      sql`select s.state, sum(l.quantity)::int4 as units
          from shipment_lines l join shipments s on s.id = l.shipment_id join orders o on o.id = l.order_id
          where o.shop_id = ${world.shopId} and o.external_id = ${externalId} and s.state <> 'cancelled' and l.quantity > 0
          group by s.id, s.state order by s.state, s.id`,
    ),
  );
  return found.map(({ state, units }) => [state, units]);
}

/** The one parcel that is planned for an order. */
async function parcelOf(world: IntakeWorld, externalId: string): Promise<PlannedLine> {
  const [found] = await database.read((db) =>
    rows<PlannedLine>(
      db,
      sql`select l.shipment_id as "shipmentId", l.id as "shipmentLineId" from shipment_lines l join orders o on o.id = l.order_id
          where o.shop_id = ${world.shopId} and o.external_id = ${externalId}`,
    ),
  );
  if (found === undefined) throw new Error('no parcel is planned');
  return found;
}

async function pack(shipmentId: ShipmentId): Promise<void> {
  for (const to of ['released', 'picked', 'packed'] as const) {
    await database.run((ctx) => advanceShipments(ctx, [{ shipmentId, to }]));
  }
}

async function send(shipmentId: ShipmentId): Promise<void> {
  await database.run((ctx) => shipOut(ctx, [{ shipmentId, ...tracking }]));
}

const tracking = { trackingNumber: 'T', carrier: 'DHL', trackingUrl: null, service: null };

it('a part that comes alone takes over its own units, and the rest of the whole stays promised to nobody else', async () => {
  const world = await openIntakeWorld(database);
  await world.takeIn([whole()]);
  await allocateAll();
  expect(await parcelsOf(world, 'p')).toEqual([['planned', 3]]);
  await world.takeIn([partOf('a', 1)]);
  expect((await world.promises())[0]).toBe(stocked - 3);
  expect(await parcelsOf(world, 'p')).toEqual([]);
  await allocateAll();
  expect([await parcelsOf(world, 'p'), await parcelsOf(world, 'p-a')]).toEqual([[], [['planned', 1]]]);
  expect((await world.unitsOf(await world.read('p')))[0]).toMatchObject({ cancelled: 1, demand: 2, isHeld: true });
  await world.takeIn([partOf('b', 2)]);
  await allocateAll();
  expect((await world.promises())[0]).toBe(stocked - 3);
  expect((await world.unitsOf(await world.read('p')))[0]).toMatchObject({ cancelled: 3, demand: 0 });
  expect([await parcelsOf(world, 'p'), await parcelsOf(world, 'p-b')]).toEqual([[], [['planned', 2]]]);
  await expectOrdersSound(database);
});

it('a whole that comes between its parts claims only what they have not brought', async () => {
  const world = await openIntakeWorld(database);
  await world.takeIn([partOf('a', 1)]);
  await world.takeIn([whole()]);
  expect((await world.promises())[0]).toBe(stocked - 3);
  await world.takeIn([whole('read again'), 1]);
  expect((await world.promises())[0]).toBe(stocked - 3);
  await allocateAll();
  expect(await parcelsOf(world, 'p')).toEqual([]);
  await world.takeIn([partOf('b', 2)]);
  await allocateAll();
  expect((await world.promises())[0]).toBe(stocked - 3);
  expect([await parcelsOf(world, 'p-a'), await parcelsOf(world, 'p-b')]).toEqual([[['planned', 1]], [['planned', 2]]]);
});

it.each(['packed', 'shipped'] as const)(
  'parts whose whole is %s wait for a person and are not sent as well',
  async (stage) => {
    const world = await openIntakeWorld(database);
    await world.takeIn([whole()]);
    await allocateAll();
    const { shipmentId } = await parcelOf(world, 'p');
    await pack(shipmentId);
    if (stage === 'shipped') await send(shipmentId);
    await world.takeIn([partOf('a', 1)], [partOf('b', 2)]);
    await allocateAll();
    expect(await parcelsOf(world, 'p')).toEqual([[stage, 3]]);
    for (const name of ['p-a', 'p-b']) {
      const part = await world.read(name);
      expect(part.holds).toEqual(['manual']);
      expect(await parcelsOf(world, name)).toEqual([]);
    }
    await expectOrdersSound(database);
  },
);

it('a split of what had not left goes on by itself', async () => {
  const world = await openIntakeWorld(database);
  await world.takeIn([whole()]);
  await allocateAll();
  const { shipmentId, shipmentLineId } = await parcelOf(world, 'p');
  const lines = [{ shipmentLineId, quantity: 1 }];
  const first = await database.run((ctx) => splitShipment(ctx, { shipmentId, lines }));
  await send(first.shipmentId);
  await world.takeIn([partOf('a', 1)], [partOf('b', 1)]);
  await allocateAll();
  expect(await parcelsOf(world, 'p')).toEqual([['shipped', 1]]);
  expect([await parcelsOf(world, 'p-a'), await parcelsOf(world, 'p-b')]).toEqual([[['planned', 1]], [['planned', 1]]]);
});

it('in any order, with documents repeated, read again and allocated between, promises exactly what was sold', async () => {
  const documents = [
    () => whole(),
    () => whole('again'),
    () => partOf('a', 1),
    () => partOf('b', 2),
    () => partOf('b', 2, 'again'),
  ];
  const arrivals = fc.array(fc.record({ which: fc.nat(documents.length - 1), allocates: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(arrivals, async (steps) => {
      const world = await openIntakeWorld(database);
      const seen = new Set<string>();
      for (const [at, { which, allocates }] of steps.entries()) {
        const document = documents[which]?.() ?? whole();
        await world.takeIn([document, at]);
        seen.add(document.externalId);
        if (allocates) await allocateAll();
        const parts = (seen.has('p-a') ? 1 : 0) + (seen.has('p-b') ? 2 : 0);
        expect((await world.promises())[0]).toBe(stocked - (seen.has('p') ? 3 : parts));
        if (parts > 0 && seen.has('p')) expect(await parcelsOf(world, 'p')).toEqual([]);
      }
      await expectOrdersSound(database);
    }),
    { numRuns: 6 },
  );
});
