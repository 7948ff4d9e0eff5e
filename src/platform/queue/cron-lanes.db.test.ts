import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { manualClock } from '../../kernel/index.ts';
import type { Lease } from './lane-kind.ts';
import { cronLanes, type Schedule } from './cron-lanes.ts';

const clock = manualClock(new Date('2026-11-21T10:00:30Z'));
let database: TestDatabase;
const lease: Lease = {
  lane: 'cron:nightly',
  token: 'none',
  signal: new AbortController().signal,
  stillHeld: () => Promise.resolve(),
  guard: () => Promise.resolve(),
};

beforeAll(async () => {
  database = await createTestDatabase({ clock });
});
afterAll(() => database.close());

function open(ran: Date[], run?: Schedule['run']) {
  const schedule: Schedule = {
    name: 'nightly',
    cron: '0 3 * * *',
    run: run ?? ((_lease, slot) => Promise.resolve(void ran.push(slot))),
  };
  const { kind } = cronLanes([schedule], { database, ring: () => undefined });
  return {
    due: () => database.run((ctx) => kind.due(ctx.tx, ctx.now)),
    drain: () => kind.drain('cron:nightly', lease),
  };
}

test('a slot is run once by all processes together, made up for at a start, and a failed one stays due', async () => {
  const ran: Date[] = [];
  const failing = open(ran, () => Promise.reject(new Error('no')));
  expect(await failing.due()).toEqual(['cron:nightly']);
  await expect(failing.drain()).rejects.toThrow('no');

  const one = open(ran);
  const two = open(ran);
  expect(await one.due()).toEqual(['cron:nightly']);
  expect(await one.drain()).toBe('more');
  expect(await one.drain()).toBe('empty');
  expect(await two.drain()).toBe('empty');
  expect(await two.due()).toEqual([]);
  expect(ran).toEqual([new Date('2026-11-21T03:00:00Z')]);

  clock.advance(3 * 86_400_000);
  expect(await two.due()).toEqual(['cron:nightly']);
  expect(await two.drain()).toBe('more');
  expect(await one.due()).toEqual([]);
  expect(ran.at(-1)).toEqual(new Date('2026-11-24T03:00:00Z'));
  expect(ran).toHaveLength(2);
});

test('a cron expression with seconds or nonsense is refused by name', () => {
  for (const cron of ['* * * * * *', '61 * * * *', 'daily']) {
    const schedule: Schedule = { name: 'nightly', cron, run: () => Promise.resolve() };
    expect(() => cronLanes([schedule], { database, ring: () => undefined })).toThrow('nightly');
  }
});
