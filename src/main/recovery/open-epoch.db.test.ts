import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { useOutbound, type OutboundWorld } from '../../../test/support/factories/outbound-world.ts';
import { systemActor } from '../../../test/support/database.ts';
import { newId } from '../../kernel/index.ts';
import { announceShipments, requestRefund } from '../../outbound/index.ts';
import { rows } from '../../platform/db/index.ts';
import { readChecklist } from './checklist.ts';
import { confirmRecovery, readShops } from './confirm-recovery.ts';
import { openEpoch } from './open-epoch.ts';

const bench = useOutbound();
const { clock, channel, database } = bench;

const backupOf = (at: Date): { id: string; createdAt: string } => ({ id: newId(), createdAt: at.toISOString() });

/** As if this database had just been restored. */
async function openLater(): Promise<void> {
  clock.advance(60_000);
  await openEpoch(database, backupOf(new Date(clock.now().getTime() - 30_000)));
  clock.advance(60_000);
}

const versions = (world: OutboundWorld): Promise<{ wanted: number; told: number | null }[]> =>
  database.read((db) =>
    rows(
      db,
      sql`select wanted_version as wanted, told_version as told from listings where shop_id = ${world.shopId} order by external_id`,
    ),
  );

test('what was not finished is doubted, every number is told anew, and nothing runs until a person confirms', async () => {
  const world = await bench.open();
  const shown = await world.sellAndShip('A', [['listing-1', 1]]);
  await world.run(announceShipments);
  const due = await world.sellAndShip('B', [['listing-1', 1]]);
  await database.run((ctx) =>
    requestRefund(ctx, bench.deps().connectors, {
      orderId: shown.orderId,
      amountMinor: 100,
      currency: 'EUR',
      reason: 'goodwill',
      lines: [],
    }),
  );
  const before = await versions(world);
  await openLater();
  const writes = await database.read((db) =>
    rows<{ orderId: string; state: string }>(
      db,
      sql`select order_id as "orderId", state from announcements union all select order_id, state from channel_requests
          order by state, "orderId"`,
    ),
  );
  expect(writes).toEqual([
    { orderId: shown.orderId, state: 'announced' },
    ...[shown.orderId, due.orderId].toSorted().map((orderId) => ({ orderId, state: 'unknown' })),
  ]);
  const after = await versions(world);
  expect(after.map(({ told }) => told)).toEqual(before.map(() => null));
  for (const [index, { wanted }] of after.entries()) {
    expect(wanted - (before[index]?.wanted ?? 0)).toBeGreaterThanOrEqual(2 ** 32);
  }
  expect(await readChecklist(database)).toMatchObject({
    phase: 'paused',
    shops: { shops: 1, unread: ['Outbound'] },
    writes: { writes: 2, readBack: 0 },
    waiting: { reads: 2 },
  });
  expect(await world.exceptions()).toEqual([]);

  await expect(confirmRecovery(database, systemActor, { anyway: false })).rejects.toMatchObject({
    code: 'recovery.not_read',
  });
  await readShops(database, systemActor);
  await world.readAgain('B');
  expect(await readChecklist(database)).toMatchObject({ phase: 'reading', writes: { writes: 2, readBack: 1 } });
  await confirmRecovery(database, systemActor, { anyway: true });
  expect(await readChecklist(database)).toBeNull();
  await expect(confirmRecovery(database, systemActor, { anyway: true })).rejects.toMatchObject({
    code: 'recovery.none',
  });

  // The same backup once more: the versions of the first time were used, and may not come again.
  await database.run((ctx) =>
    rows(ctx.tx, sql`update listings set wanted_version = 7, told_version = null where shop_id = ${world.shopId}`),
  );
  await openLater();
  for (const [index, { wanted }] of (await versions(world)).entries()) {
    expect(wanted).toBeGreaterThan(after[index]?.wanted ?? 0);
  }
  await confirmRecovery(database, systemActor, { anyway: true });
});

test('a parcel keeps its reference for ever; one planned after a restore has a mark that no other time gave', async () => {
  const world = await bench.open({ pushesStock: false });
  await openLater();
  await confirmRecovery(database, systemActor, { anyway: true });
  const old = await world.sell('C', [['listing-1', 1]]);
  await world.allocate();
  const [planned] = await world.parcels(old.orderId);
  await openLater();
  if (planned === undefined) throw new Error('no parcel');
  await world.ship(planned);
  const fresh = await world.sellAndShip('D', [['listing-1', 1]]);
  expect(fresh.number).toBeGreaterThanOrEqual(old.number + 1_000);
  await world.run(announceShipments);
  const references = channel.told.announced.map(({ packageReference }) => packageReference);
  const marks = await database.read((db) =>
    rows<{ mark: string }>(db, sql`select mark from recoveries order by epoch desc limit 2`),
  );
  const [now, then] = marks.map(({ mark }) => mark);
  expect(now).not.toBe(then);
  expect(references).toEqual([
    `WH-${planned.number}-${old.number}-${then}`,
    expect.stringMatching(new RegExp(`^WH-\\d+-${fresh.number}-${now}$`)),
  ]);
  await confirmRecovery(database, systemActor, { anyway: true });
});

test('a machine whose clock stands before the backup is refused, and nothing is changed', async () => {
  const later = new Date(clock.now().getTime() + 60_000);
  await expect(openEpoch(database, backupOf(later))).rejects.toMatchObject({ code: 'recovery.clock_behind' });
  expect(await readChecklist(database)).toBeNull();
});
