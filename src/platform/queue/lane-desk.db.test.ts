import { expect, test } from 'vitest';
import { newSeen, newSignal, useLanes } from '../../../test/support/lane-work.ts';
import { quietLog } from '../../../test/support/quiet-log.ts';
import { systemClock } from '../../kernel/index.ts';
import { drainLane, type Drainer } from './drain-lane.ts';
import { pauseLane, queueGauges } from './index.ts';
import { laneDesk, type LaneDesk } from './lane-desk.ts';
import type { LaneKind } from './lane-kind.ts';

const lanes = useLanes();

function drainerOf(): Drainer {
  return {
    database: lanes.database(),
    clock: systemClock,
    log: quietLog,
    metrics: null,
    leaseMs: 5_000,
    isStopping: () => false,
    held: new Set(),
  };
}

function deskOf(kinds: readonly LaneKind[]): LaneDesk {
  const drainer = drainerOf();
  return laneDesk({
    kinds,
    clock: systemClock,
    drain: (kind, lane, mayGoOn) => drainLane(drainer, kind, lane, mayGoOn),
    isStopping: () => false,
  });
}

test('a ring that comes behind the last look of a running drain makes it run again', async () => {
  const seen = newSeen();
  const kind = lanes.kind(seen);
  const looked = newSignal();
  const rung = newSignal();
  const late: LaneKind = {
    ...kind,
    async due(db, now) {
      const found = await kind.due(db, now);
      looked.resolve();
      await rung.promise;
      return found;
    },
  };
  const desk = deskOf([late]);
  await lanes.add('test:a', [1]);
  const answered = desk.answer('test:a');
  await looked.promise;
  await lanes.add('test:a', [2]);
  await desk.answer('test:a');
  rung.resolve();
  await answered;
  expect(seen.done).toHaveLength(2);
});

test('no more lanes are drained at once than the process may, and each of them is', async () => {
  const seen = newSeen();
  const desk = deskOf([{ ...lanes.kind(seen), slots: { quick: 2, slow: 0 } }]);
  const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `test:${name}`);
  for (const name of names) await lanes.add(name, [1, 2, 3, 4]);
  await Promise.all(names.map((name) => desk.answer(name)));
  expect(seen.activeMax).toBe(2);
  expect(seen.done).toHaveLength(20);
});

test('there is room for a lane that is being drained and for one with a free slot, and for no other', async () => {
  const gate = newSignal();
  const begun = newSignal();
  const kind = lanes.kind(newSeen(), () => {
    begun.resolve();
    return gate.promise;
  });
  const desk = deskOf([{ ...kind, slots: { quick: 1, slow: 0 } }]);
  expect(desk.hasRoom('test:a')).toBe(true);
  const first = desk.answer('test:a');
  await begun.promise;
  const second = desk.answer('test:b');
  expect(['test:a', 'test:b', 'test:c', 'other:a'].map((lane) => desk.hasRoom(lane))).toEqual([
    true,
    false,
    false,
    false,
  ]);
  gate.resolve();
  await Promise.all([first, second]);
});

test('a lane of a kind that this process does not know is left to those that do', async () => {
  const desk = deskOf([]);
  await desk.answer('other:a');
  expect(desk.isBusy('other:a')).toBe(false);
});

test('gauges count lanes by kind and state', async () => {
  const desk = deskOf([lanes.kind(newSeen())]);
  await desk.answer('test:a');
  await desk.answer('test:b');
  await lanes.database().run((ctx) => pauseLane(ctx, 'test:b'));
  const [, gauge] = queueGauges({ countWaiting: () => Promise.resolve(0) }, lanes.database());
  const samples = await gauge?.read();
  expect(samples).toContainEqual({ labels: { kind: 'test', state: 'idle' }, value: 1 });
  expect(samples).toContainEqual({ labels: { kind: 'test', state: 'paused' }, value: 1 });
});
