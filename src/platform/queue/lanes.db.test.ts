import { sql } from 'drizzle-orm';
import { afterEach, beforeAll, describe, expect, test, afterAll } from 'vitest';
import { administer, createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { quietLog } from '../../../test/support/quiet-log.ts';
import { Fault, systemClock } from '../../kernel/index.ts';
import { list, rows, type Ctx } from '../db/index.ts';
import { holdLease } from './hold-lease.ts';
import { listLanes, openQueue, pauseLane, resumeLane, type LaneKind, type Lease, type Queue, type Worker } from './index.ts';

/** Work is a row of `deployment_settings`: key `work:<lane>:<number>`, deleted when done. */
const batchSize = 3;
let database: TestDatabase;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await createTestDatabase({ pools: { write: 12 } });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((queue) => queue.close()));
  await database.run((ctx) => rows(ctx.tx, sql`DELETE FROM deployment_settings`));
  await database.run((ctx) => rows(ctx.tx, sql`DELETE FROM lanes`));
});
afterAll(() => database.close());

async function open(): Promise<Queue> {
  const queue = await openQueue({ redisUrl: null, databaseUrl: database.url, log: quietLog });
  opened.push(queue);
  return queue;
}

/** Never sweeps by itself within a test, so that only rings can find the work. */
const sweepsNever = 600_000;

function work(queue: Queue, kinds: LaneKind[], sweepIntervalMs = sweepsNever): Promise<Worker> {
  return queue.work({ kinds, database, clock: systemClock, sweepIntervalMs, leaseMs: 5_000 });
}

function addWork(lane: string, numbers: readonly number[]): Promise<unknown> {
  const keys = numbers.map((number) => `work:${lane}:${number}`);
  return database.run((ctx) =>
    rows(
      ctx.tx,
      sql`INSERT INTO deployment_settings (key, value, updated_at)
          SELECT key, 'null'::jsonb, ${ctx.now} FROM unnest(${list('text', keys)}) AS input (key)`,
    ),
  );
}

async function takeBatch(ctx: Ctx, lane: string): Promise<string[]> {
  const taken = await rows<{ key: string }>(
    ctx.tx,
    sql`DELETE FROM deployment_settings WHERE key IN (
          SELECT key FROM deployment_settings WHERE key LIKE ${`work:${lane}:%`} ORDER BY key LIMIT ${batchSize}
        ) RETURNING key`,
  );
  return taken.map(({ key }) => key);
}

type Seen = { readonly done: string[]; active: number; activeMax: number };

function countingKind(seen: Seen, onBatch: (lane: string) => void | Promise<void> = () => undefined): LaneKind {
  return {
    kind: 'test',
    async due(db) {
      const found = await rows<{ lane: string }>(
        db,
        sql`SELECT DISTINCT substr(key, 6, length(key) - 5 - position(':' in reverse(key))) AS lane
            FROM deployment_settings WHERE key LIKE 'work:%'`,
      );
      return found.map(({ lane }) => lane);
    },
    async drain(lane, lease) {
      seen.active += 1;
      seen.activeMax = Math.max(seen.activeMax, seen.active);
      try {
        const taken = await database.run(async (ctx) => {
          await lease.guard(ctx);
          return takeBatch(ctx, lane);
        });
        seen.done.push(...taken);
        await onBatch(lane);
        return taken.length === 0 ? 'empty' : 'more';
      } finally {
        seen.active -= 1;
      }
    },
  };
}

const newSeen = (): Seen => ({ done: [], active: 0, activeMax: 0 });

async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('rings', () => {
  test('a ring that comes while the lane is active loses nothing, in 60 rounds without a sweep', async () => {
    const queue = await open();
    const seen = newSeen();
    let added = 0;
    let rounds = 0;
    await work(queue, [
      countingKind(seen, async (lane) => {
        // The worst moment: behind the pass's own look, before the lease is given back.
        if (rounds >= 60) return;
        rounds += 1;
        await addWork(lane, [(added += 1)]);
        queue.ring(lane);
      }),
    ]);
    for (let round = 0; round < 60; round += 1) {
      await addWork('test:a', [(added += 1)]);
      queue.ring('test:a');
      if (round % 7 === 0) await until(() => seen.done.length >= added, `round ${round}`);
    }
    await until(() => seen.done.length >= added && rounds === 60, 'all rounds');
    expect(new Set(seen.done).size).toBe(added);
    expect(seen.activeMax).toBe(1);
  });

  test('work whose ring came between the last empty pass and the end of the lease is found by the look after it', async () => {
    const first = await open();
    const second = await open();
    const seen = newSeen();
    const other = newSeen();
    let isAdded = false;
    const kind = countingKind(seen, async (lane) => {
      if (isAdded) return;
      isAdded = true;
      await addWork(lane, [1]);
      second.ring(lane);
      await until(async () => (await second.countWaiting()) === 0, 'the other worker took the ring');
    });
    await work(first, [kind]);
    await until(() => true, 'ready');
    await work(second, [countingKind(other)]);
    first.ring('test:a');
    await until(() => seen.done.length + other.done.length === 1, 'the work is done');
  });

  test('a queue that is emptied in the middle loses nothing: the sweep finds what was not rung for', async () => {
    const queue = await open();
    const seen = newSeen();
    await queue.work({ kinds: [countingKind(seen)], database, clock: systemClock, sweepIntervalMs: 50 });
    for (let round = 0; round < 10; round += 1) {
      await addWork(`test:${round % 3}`, [round]);
      queue.ring(`test:${round % 3}`);
      await administer(database.url, 'delete from bullmq.job');
    }
    await until(() => seen.done.length === 10, 'the sweep did it');
    expect(new Set(seen.done).size).toBe(10);
  });

  test('rings are no rows that stay: the queue is empty afterwards', async () => {
    const queue = await open();
    const seen = newSeen();
    await work(queue, [countingKind(seen)]);
    await addWork('test:a', [1]);
    queue.ring('test:a');
    await until(() => seen.done.length === 1, 'done');
    await until(async () => (await queue.countWaiting()) === 0, 'empty');
  });
});

describe('leases', () => {
  test('two workers never drain one lane at once', async () => {
    const seen = newSeen();
    const queues = [await open(), await open(), await open()];
    for (const queue of queues) {
      await queue.work({ kinds: [countingKind(seen)], database, clock: systemClock, sweepIntervalMs: 20 });
    }
    for (let round = 0; round < 40; round += 1) {
      await addWork('test:a', [round * 2, round * 2 + 1]);
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
    await addWork('test:a', [1]);
    const commit = database.run(async (ctx) => {
      await takeBatch(ctx, 'test:a');
      await frozen.guard(ctx);
    });
    await expect(commit).rejects.toMatchObject({ code: 'lane.lease_lost' });
    expect(frozen.signal.aborted).toBe(true);
    expect(await database.run((ctx) => takeBatch(ctx, 'test:a'))).toHaveLength(1);
    await next.stillHeld();
    next.letGo();
  });

  test('a lane cannot be taken from a holder that is committing', async () => {
    const holder = await held('test:a', 60_000);
    holder.letGo();
    await expireLease('test:a');
    await database.run(async (ctx) => {
      await holder.guard(ctx);
      expect(await holdLease(database, systemClock, 'test:a', 1_000)).toBeNull();
    });
    expect(await holdLease(database, systemClock, 'test:a', 1_000)).toBeNull();
  });

  test('a paused lane is not drained, and is drained at once when it goes on', async () => {
    const queue = await open();
    const seen = newSeen();
    const worker = await work(queue, [countingKind(seen)]);
    await database.run((ctx) => pauseLane(ctx, 'test:a'));
    await addWork('test:a', [1]);
    await worker.sweep();
    expect(seen.done).toEqual([]);
    await database.run((ctx) => resumeLane(ctx, 'test:a'));
    expect(database.rings.at(-1)).toBe('test:a');
    await worker.sweep();
    expect(seen.done).toHaveLength(1);
  });
});

describe('failures', () => {
  test('a failing lane waits longer each time, keeps its reason without data, and other lanes go on', async () => {
    const queue = await open();
    const seen = newSeen();
    const good = countingKind(seen);
    const bad: LaneKind = {
      kind: 'bad',
      due: () => Promise.resolve(['bad']),
      drain: () => Promise.reject(new Error('phone 13800138000')),
    };
    const worker = await work(queue, [bad, good]);
    await addWork('test:a', [1]);
    await worker.sweep();
    await worker.sweep();
    expect(seen.done).toHaveLength(1);
    const before = await laneRow('bad');
    expect(before).toMatchObject({ failures: 1, lastError: 'Error', isHeld: false });
    await database.run((ctx) => rows(ctx.tx, sql`UPDATE lanes SET retry_at = ${ctx.now} WHERE name = 'bad'`));
    await worker.sweep();
    const after = await laneRow('bad');
    expect(after.failures).toBe(2);
    const waitMs = (after.retryAt?.getTime() ?? 0) - (after.lastErrorAt?.getTime() ?? 0);
    expect(waitMs).toBeGreaterThanOrEqual(2_000);
    expect(waitMs).toBeLessThanOrEqual(3_000);
  });

  test('a drain that succeeds forgets the failures', async () => {
    const queue = await open();
    const seen = newSeen();
    let hasFailed = false;
    const worker = await work(queue, [
      countingKind(seen, () => {
        if (hasFailed) return;
        hasFailed = true;
        throw new Fault('unavailable', 'shop.away', { retryAfterMs: 90_000 });
      }),
    ]);
    await addWork('test:a', [1, 2, 3, 4]);
    await worker.sweep();
    const row = await laneRow('test:a');
    expect(row).toMatchObject({ failures: 1, lastError: 'shop.away: shop.away' });
    expect((row.retryAt?.getTime() ?? 0) - (row.lastErrorAt?.getTime() ?? 0)).toBe(90_000);
    await database.run((ctx) => rows(ctx.tx, sql`UPDATE lanes SET retry_at = NULL`));
    await worker.sweep();
    expect(await laneRow('test:a')).toMatchObject({ failures: 0, retryAt: null });
  });

  test('a kind whose due and drain disagree does not spin', async () => {
    const queue = await open();
    let drains = 0;
    const kind: LaneKind = {
      kind: 'odd',
      due: () => Promise.resolve(['odd']),
      drain: () => Promise.resolve((drains += 1) > 0 ? 'empty' : 'more'),
    };
    const worker = await work(queue, [kind]);
    drains = 0;
    await worker.sweep();
    expect(drains).toBeLessThanOrEqual(6);
  });
});

test('a worker that closes finishes its batch, begins no other and gives the lane back', async () => {
  const queue = await open();
  const seen = newSeen();
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const worker = await work(queue, [
    countingKind(seen, () => {
      begun.resolve();
      return gate.promise;
    }),
  ]);
  await addWork('test:a', [1, 2, 3, 4, 5]);
  queue.ring('test:a');
  await begun.promise;
  const closed = worker.close();
  gate.resolve();
  await closed;
  expect(seen.done).toHaveLength(batchSize);
  expect(await laneRow('test:a')).toMatchObject({ isHeld: false, failures: 0 });
});

async function held(lane: string, leaseMs: number): Promise<Lease & { letGo(): void }> {
  const lease = await holdLease(database, systemClock, lane, leaseMs);
  if (lease === null) throw new Error('the lane is held');
  return lease;
}

function expireLease(lane: string): Promise<unknown> {
  return database.run((ctx) =>
    rows(ctx.tx, sql`UPDATE lanes SET leased_until = ${new Date(ctx.now.getTime() - 1)} WHERE name = ${lane}`),
  );
}

async function laneRow(name: string) {
  const lanes = await database.run((ctx) => listLanes(ctx.tx, ctx.now));
  const row = lanes.find((lane) => lane.name === name);
  if (row === undefined) throw new Error(`no lane ${name}`);
  return row;
}
