import { expect, test } from 'vitest';
import { batchSize, newSeen, newSignal, until, useLanes } from '../../../test/support/lane-work.ts';
import { systemClock } from '../../kernel/index.ts';
import type { LaneKind, Lease } from './index.ts';

const lanes = useLanes();

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

test('a drain that hangs is aborted by its signal, and the lane is free at once', async () => {
  const begun = newSignal();
  const worker = await workOn(async (lease) => {
    begun.resolve();
    await new Promise((_resolve, reject) => lease.signal.addEventListener('abort', () => reject(lease.signal.reason)));
  });
  await begun.promise;
  await worker.close();
  await until(async () => !(await lanes.row('slow')).isHeld, 'the lease is given back long before it runs out');
  expect(await lanes.row('slow')).toMatchObject({ failures: 0 });
});

test('a drain that does not even hear its signal does not keep the worker from closing', async () => {
  const begun = newSignal();
  const released = newSignal();
  const worker = await workOn(async () => {
    begun.resolve();
    await released.promise;
  });
  await begun.promise;
  await worker.close();
  expect(await lanes.row('slow')).toMatchObject({ isHeld: true });
  released.resolve();
  await until(async () => !(await lanes.row('slow')).isHeld, 'it ends after all');
});

test('a lease is renewed while its drain goes on', async () => {
  const begun = newSignal();
  const released = newSignal();
  await workOn(async () => {
    begun.resolve();
    await released.promise;
  }, 900);
  await begun.promise;
  const first = (await lanes.row('slow')).leasedUntil?.getTime() ?? Infinity;
  await until(async () => ((await lanes.row('slow')).leasedUntil?.getTime() ?? 0) > first, 'the renewal');
  released.resolve();
});

async function workOn(drain: (lease: Lease) => Promise<void>, leaseMs = 60_000) {
  const queue = await lanes.open();
  const kind: LaneKind = {
    kind: 'slow',
    due: () => Promise.resolve(['slow']),
    async drain(_lane, lease) {
      await drain(lease);
      return 'empty';
    },
  };
  const options = { database: lanes.database(), clock: systemClock, sweepIntervalMs: 600_000 };
  return queue.work({ ...options, kinds: [kind], leaseMs, shutdownMs: 500 });
}
