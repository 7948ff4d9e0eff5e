import { describe, expect, test } from 'vitest';
import { newSeen, newSignal, until, useLanes } from '../../../test/support/lane-work.ts';
import { cutQueue, emptyQueue } from '../../../test/support/queue-faults.ts';

const lanes = useLanes();

/** Rung by another process than the one that works: the ring goes through the queue. */
describe('rings', () => {
  test('a ring that comes while the lane is active loses nothing, in 60 rounds without a sweep', async () => {
    const [queue, bell] = [await lanes.open(), await lanes.open()];
    const seen = newSeen();
    let added = 0;
    let rounds = 0;
    await lanes.work(queue, [
      lanes.kind(seen, async (lane) => {
        // The worst moment: behind the pass's own look, before the lease is given back.
        if (rounds >= 60) return;
        rounds += 1;
        await lanes.add(lane, [(added += 1)]);
        bell.ring(lane);
      }),
    ]);
    for (let round = 0; round < 60; round += 1) {
      await lanes.add('test:a', [(added += 1)]);
      bell.ring('test:a');
      if (round % 7 === 0) await until(() => seen.done.length >= added, `round ${round}`);
    }
    await until(() => seen.done.length >= added && rounds === 60, 'all rounds');
    expect(new Set(seen.done).size).toBe(added);
    expect(seen.activeMax).toBe(1);
  });

  test('work that came after the last empty pass, while others found the lease held, is found by the look after it', async () => {
    const seen = newSeen();
    const other = newSeen();
    const second = await lanes.work(await lanes.open(), [lanes.kind(other)]);
    await second.sweep();
    let passes = 0;
    const queue = await lanes.open();
    const first = await lanes.work(queue, [
      lanes.kind(seen, async (lane) => {
        if (seen.done.length > 0) passes += 1;
        // The first pass took the work, the second one nothing: behind it comes more.
        if (passes !== 2) return;
        await lanes.add(lane, [2]);
        // The second worker looks, finds the lease held and goes away. It will not look again.
        await second.sweep();
      }),
    ]);
    await first.sweep();
    await lanes.add('test:a', [1]);
    await first.sweep();
    expect([seen.done.length, other.done.length]).toEqual([2, 0]);
  });

  test('a queue that is emptied in the middle loses nothing: the sweep finds what was not rung for', async () => {
    const [queue, bell] = [await lanes.open(), await lanes.open()];
    const seen = newSeen();
    await lanes.work(queue, [lanes.kind(seen)], 50);
    for (let round = 0; round < 10; round += 1) {
      await lanes.add(`test:${round % 3}`, [round]);
      bell.ring(`test:${round % 3}`);
      await emptyQueue(lanes.database().url);
    }
    await until(() => seen.done.length === 10, 'the sweep did it');
    expect(new Set(seen.done).size).toBe(10);
  });

  test('rings are no rows that stay: the queue is empty afterwards', async () => {
    const [queue, bell] = [await lanes.open(), await lanes.open()];
    const seen = newSeen();
    await lanes.work(queue, [lanes.kind(seen)]);
    await lanes.add('test:a', [1]);
    bell.ring('test:a');
    await until(() => seen.done.length === 1, 'done');
    await until(async () => (await queue.countWaiting()) === 0, 'empty');
  });

  test('connections of the queue that are cut end no process, and rings go on', async () => {
    const [queue, bell] = [await lanes.open(), await lanes.open()];
    const seen = newSeen();
    await lanes.work(queue, [lanes.kind(seen)], 100);
    await cutQueue(lanes.database().url);
    for (let round = 1; round <= 5; round += 1) {
      await lanes.add('test:a', [round]);
      bell.ring('test:a');
      await until(() => seen.done.length === round, `round ${round}`);
    }
    // Counting fails while the queue is away.
    const countWaiting = (): Promise<number | null> => queue.countWaiting().catch(() => null);
    await until(async () => (await countWaiting()) === 0, 'the rings are answered');
  });
});

test('a process with no slot to spare for a lane that it rings leaves it to another', async () => {
  const gate = newSignal();
  const [mine, others] = [newSeen(), newSeen()];
  const narrow = { quick: 1, slow: 0 };
  let added = 0;
  const queue = await lanes.open();
  await lanes.work(queue, [
    { ...lanes.kind(mine, (lane) => (lane === 'test:a' ? gate.promise : undefined)), slots: narrow },
  ]);
  await lanes.add('test:a', [1]);
  queue.ring('test:a');
  await until(() => mine.done.length === 1, 'the slot is taken');
  await lanes.work(await lanes.open(), [{ ...lanes.kind(others), slots: narrow }]);
  // Rings of the queue go to either process: the first cannot begin what it is rung for while its slot is taken.
  await until(async () => {
    if (others.done.length > 0) return true;
    await lanes.add('test:b', [(added += 1)]);
    queue.ring('test:b');
    return false;
  }, 'the other drains it');
  expect(mine.done).toHaveLength(1);
  gate.resolve();
});
