import { describe, expect, test } from 'vitest';
import { administer } from '../../../test/support/database.ts';
import { batchSize, newSeen, newSignal, until, useLanes } from '../../../test/support/lane-work.ts';
import { systemClock } from '../../kernel/index.ts';

const lanes = useLanes();

describe('rings', () => {
  test('a ring that comes while the lane is active loses nothing, in 60 rounds without a sweep', async () => {
    const queue = await lanes.open();
    const seen = newSeen();
    let added = 0;
    let rounds = 0;
    await lanes.work(queue, [
      lanes.kind(seen, async (lane) => {
        // The worst moment: behind the pass's own look, before the lease is given back.
        if (rounds >= 60) return;
        rounds += 1;
        await lanes.add(lane, [(added += 1)]);
        queue.ring(lane);
      }),
    ]);
    for (let round = 0; round < 60; round += 1) {
      await lanes.add('test:a', [(added += 1)]);
      queue.ring('test:a');
      if (round % 7 === 0) await until(() => seen.done.length >= added, `round ${round}`);
    }
    await until(() => seen.done.length >= added && rounds === 60, 'all rounds');
    expect(new Set(seen.done).size).toBe(added);
    expect(seen.activeMax).toBe(1);
  });

  test('work whose ring came between the last empty pass and the end of the lease is found by the look after it', async () => {
    const first = await lanes.open();
    const second = await lanes.open();
    const seen = newSeen();
    const other = newSeen();
    let isAdded = false;
    const kind = lanes.kind(seen, async (lane) => {
      if (isAdded) return;
      isAdded = true;
      await lanes.add(lane, [1]);
      second.ring(lane);
      await until(async () => (await second.countWaiting()) === 0, 'the other worker took the ring');
    });
    // One job at a time: the first worker is busy with its ring, so only the second can take the other one.
    const options = { database: lanes.database(), clock: systemClock, sweepIntervalMs: 600_000, concurrency: 1 };
    const worker = await first.work({ ...options, kinds: [kind] });
    await worker.sweep();
    await second.work({ ...options, kinds: [lanes.kind(other)] });
    first.ring('test:a');
    await until(() => seen.done.length + other.done.length === 1, 'the work is done');
  });

  test('a queue that is emptied in the middle loses nothing: the sweep finds what was not rung for', async () => {
    const queue = await lanes.open();
    const seen = newSeen();
    await lanes.work(queue, [lanes.kind(seen)], 50);
    for (let round = 0; round < 10; round += 1) {
      await lanes.add(`test:${round % 3}`, [round]);
      queue.ring(`test:${round % 3}`);
      await administer(lanes.database().url, 'delete from bullmq.job');
    }
    await until(() => seen.done.length === 10, 'the sweep did it');
    expect(new Set(seen.done).size).toBe(10);
  });

  test('rings are no rows that stay: the queue is empty afterwards', async () => {
    const queue = await lanes.open();
    const seen = newSeen();
    await lanes.work(queue, [lanes.kind(seen)]);
    await lanes.add('test:a', [1]);
    queue.ring('test:a');
    await until(() => seen.done.length === 1, 'done');
    await until(async () => (await queue.countWaiting()) === 0, 'empty');
  });
});

test('a worker that closes finishes its batch, begins no other and gives the lane back', async () => {
  const queue = await lanes.open();
  const seen = newSeen();
  const begun = newSignal();
  const gate = newSignal();
  const worker = await lanes.work(queue, [
    lanes.kind(seen, () => {
      begun.resolve();
      return gate.promise;
    }),
  ]);
  await lanes.add('test:a', [1, 2, 3, 4, 5]);
  queue.ring('test:a');
  await begun.promise;
  const closed = worker.close();
  gate.resolve();
  await closed;
  expect(seen.done).toHaveLength(batchSize);
  expect(await lanes.row('test:a')).toMatchObject({ isHeld: false, failures: 0 });
});
