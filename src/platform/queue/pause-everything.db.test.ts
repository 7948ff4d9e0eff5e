import { expect, test } from 'vitest';
import { useDatabase } from '../../../test/support/database.ts';
import { systemClock } from '../../kernel/index.ts';
import { holdLease } from './hold-lease.ts';
import { listLanes, pauseEverything, pauseLane, resumeEverything } from './index.ts';

const database = useDatabase();
const leaseMs = 60_000;

test('while everything is paused no lane is taken, new ones neither, but those that run even so', async () => {
  const before = await holdLease(database, systemClock, 'old', leaseMs);
  before?.letGo();
  await database.run((ctx) => pauseLane(ctx, 'paused by hand'));
  await database.run(pauseEverything);
  const take = (lane: string, runs?: boolean): ReturnType<typeof holdLease> =>
    holdLease(database, systemClock, lane, leaseMs, runs === undefined ? undefined : async () => runs);
  for (const lane of ['old', 'new']) {
    expect(await take(lane)).toBeNull();
    expect(await take(lane, false)).toBeNull();
  }
  const reading = await take('new', true);
  reading?.letGo();
  expect(reading).toMatchObject({ lane: 'new', isWhilePaused: true });
  expect(await take('paused by hand', true)).toBeNull();
  expect((await database.read((db) => listLanes(db, new Date()))).map(({ name }) => name)).toEqual([
    'new',
    'old',
    'paused by hand',
  ]);
  await database.run(resumeEverything);
  const after = await take('old');
  after?.letGo();
  expect(after).toMatchObject({ lane: 'old', isWhilePaused: false });
  expect(await take('paused by hand')).toBeNull();
});
