import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { newSeen, newSignal, takeBatch, until, useLanes } from '../../../test/support/lane-work.ts';
import { Fault, systemClock } from '../../kernel/index.ts';
import { rows } from '../db/index.ts';
import { holdLease } from './hold-lease.ts';
import { pauseLane, resumeLane, type LaneKind, type Lease } from './index.ts';

const lanes = useLanes();

describe('leases', () => {
  test('two workers never drain one lane at once', async () => {
    const seen = newSeen();
    const queues = [await lanes.open(), await lanes.open(), await lanes.open()];
    for (const queue of queues) {
      await lanes.work(queue, [lanes.kind(seen)], 20);
    }
    for (let round = 0; round < 40; round += 1) {
      await lanes.add('test:a', [round * 2, round * 2 + 1]);
      for (const queue of queues) queue.ring('test:a');
    }
    await until(() => seen.done.length === 80, 'all done');
    expect(seen.activeMax).toBe(1);
    expect(new Set(seen.done).size).toBe(80);
  });

  test('a frozen holder whose lease another has taken cannot commit', async () => {
    const frozen = await held('test:a', 20);
    frozen.letGo();
    await expireLease('test:a');
    const next = await held('test:a', 60_000);
    await lanes.add('test:a', [1]);
    const commit = lanes.database().run(async (ctx) => {
      await takeBatch(ctx, 'test:a');
      await frozen.guard(ctx);
    });
    await expect(commit).rejects.toMatchObject({ code: 'lane.lease_lost' });
    expect(frozen.signal.aborted).toBe(true);
    expect(await lanes.database().run((ctx) => takeBatch(ctx, 'test:a'))).toHaveLength(1);
    await next.stillHeld();
    next.letGo();
  });

  test('a lane cannot be taken from a holder that is committing', async () => {
    const holder = await held('test:a', 60_000);
    holder.letGo();
    await expireLease('test:a');
    const guarded = newSignal();
    const tried = newSignal();
    const committed = lanes.database().run(async (ctx) => {
      await holder.guard(ctx);
      guarded.resolve();
      await tried.promise;
    });
    await guarded.promise;
    expect(await holdLease(lanes.database(), systemClock, 'test:a', 1_000)).toBeNull();
    tried.resolve();
    await committed;
    expect(await holdLease(lanes.database(), systemClock, 'test:a', 1_000)).toBeNull();
  });

  test('a paused lane is not drained, and is drained at once when it goes on', async () => {
    const queue = await lanes.open();
    const seen = newSeen();
    const worker = await lanes.work(queue, [lanes.kind(seen)]);
    await lanes.database().run((ctx) => pauseLane(ctx, 'test:a'));
    await lanes.add('test:a', [1]);
    await worker.sweep();
    expect(seen.done).toEqual([]);
    await lanes.database().run((ctx) => resumeLane(ctx, 'test:a'));
    expect(lanes.database().rings.at(-1)).toBe('test:a');
    await worker.sweep();
    expect(seen.done).toHaveLength(1);
  });
});

describe('failures', () => {
  test('a failing lane waits longer each time, keeps its reason without data, and other lanes go on', async () => {
    const queue = await lanes.open();
    const seen = newSeen();
    const good = lanes.kind(seen);
    const bad: LaneKind = {
      kind: 'bad',
      due: () => Promise.resolve(['bad']),
      drain: () => Promise.reject(new Error('phone 13800138000')),
    };
    const worker = await lanes.work(queue, [bad, good]);
    await lanes.add('test:a', [1]);
    await worker.sweep();
    await worker.sweep();
    expect(seen.done).toHaveLength(1);
    const before = await lanes.row('bad');
    expect(before).toMatchObject({ failures: 1, lastError: 'Error', isHeld: false });
    await lanes.database().run((ctx) => rows(ctx.tx, sql`UPDATE lanes SET retry_at = ${ctx.now} WHERE name = 'bad'`));
    await worker.sweep();
    const after = await lanes.row('bad');
    expect(after.failures).toBe(2);
    const waitMs = (after.retryAt?.getTime() ?? 0) - (after.lastErrorAt?.getTime() ?? 0);
    expect(waitMs).toBeGreaterThanOrEqual(2_000);
    expect(waitMs).toBeLessThanOrEqual(3_000);
  });

  test('a drain that succeeds forgets the failures', async () => {
    const queue = await lanes.open();
    const seen = newSeen();
    let hasFailed = false;
    const worker = await lanes.work(queue, [
      lanes.kind(seen, () => {
        if (hasFailed) return;
        hasFailed = true;
        throw new Fault('unavailable', 'shop.away', { retryAfterMs: 90_000 });
      }),
    ]);
    await lanes.add('test:a', [1, 2, 3, 4]);
    await worker.sweep();
    const row = await lanes.row('test:a');
    expect(row).toMatchObject({ failures: 1, lastError: 'shop.away: shop.away' });
    expect((row.retryAt?.getTime() ?? 0) - (row.lastErrorAt?.getTime() ?? 0)).toBe(90_000);
    await lanes.database().run((ctx) => rows(ctx.tx, sql`UPDATE lanes SET retry_at = NULL`));
    await worker.sweep();
    expect(await lanes.row('test:a')).toMatchObject({ failures: 0, retryAt: null });
  });

  test('a kind whose due and drain disagree does not spin', async () => {
    const queue = await lanes.open();
    let drains = 0;
    const kind: LaneKind = {
      kind: 'odd',
      due: () => Promise.resolve(['odd']),
      drain: () => Promise.resolve((drains += 1) > 0 ? 'empty' : 'more'),
    };
    const worker = await lanes.work(queue, [kind]);
    drains = 0;
    await worker.sweep();
    expect(drains).toBeLessThanOrEqual(6);
  });
});

async function held(lane: string, leaseMs: number): Promise<Lease & { letGo(): void }> {
  const lease = await holdLease(lanes.database(), systemClock, lane, leaseMs);
  if (lease === null) throw new Error('the lane is held');
  return lease;
}

function expireLease(lane: string): Promise<unknown> {
  return lanes
    .database()
    .run((ctx) =>
      rows(ctx.tx, sql`UPDATE lanes SET leased_until = ${new Date(ctx.now.getTime() - 1)} WHERE name = ${lane}`),
    );
}
