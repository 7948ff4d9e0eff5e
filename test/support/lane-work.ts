import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { systemClock } from '../../src/kernel/index.ts';
import { list, rows, type Ctx } from '../../src/platform/db/index.ts';
import {
  listLanes,
  openQueue,
  type LaneKind,
  type LaneRow,
  type Queue,
  type Worker,
} from '../../src/platform/queue/index.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { quietLog } from './quiet-log.ts';

export const batchSize = 3;
/** A sweep that never comes within a test, so that only rings can find the work. */
const sweepsNever = 600_000;

export type Seen = { readonly done: string[]; active: number; activeMax: number };

/** Lanes of a toy: work is a row of `deployment_settings`, key `work:<lane>:<number>`, deleted when done. */
export function useLanes() {
  let opened: TestDatabase | null = null;
  const queues: Queue[] = [];
  const database = (): TestDatabase => {
    if (opened === null) throw new Error('useLanes is ready inside tests and hooks');
    return opened;
  };
  beforeAll(async () => {
    opened = await createTestDatabase({ pools: { write: 12 } });
  });
  afterEach(async () => {
    await Promise.all(queues.splice(0).map((queue) => queue.close()));
    await database().run((ctx) => rows(ctx.tx, sql`DELETE FROM deployment_settings`));
    await database().run((ctx) => rows(ctx.tx, sql`DELETE FROM lanes`));
  });
  afterAll(() => opened?.close());

  const kind = (seen: Seen, onBatch: (lane: string) => void | Promise<void> = () => undefined): LaneKind => ({
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
        const taken = await database().run(async (ctx) => {
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
  });
  return {
    database,
    kind,
    async open(): Promise<Queue> {
      const queue = await openQueue({
        redisUrl: inject('servers').redisUrl,
        databaseUrl: database().url,
        log: quietLog,
      });
      queues.push(queue);
      return queue;
    },
    work: (queue: Queue, kinds: LaneKind[], sweepIntervalMs = sweepsNever): Promise<Worker> =>
      queue.work({ kinds, database: database(), clock: systemClock, sweepIntervalMs, leaseMs: 5_000 }),
    async add(lane: string, numbers: readonly number[]): Promise<void> {
      const keys = numbers.map((number) => `work:${lane}:${number}`);
      await database().run((ctx) =>
        rows(
          ctx.tx,
          sql`INSERT INTO deployment_settings (key, value, updated_at)
              SELECT key, 'null'::jsonb, ${ctx.now} FROM unnest(${list('text', keys)}) AS input (key)`,
        ),
      );
    },
    async row(name: string): Promise<LaneRow> {
      const lanes = await database().run((ctx) => listLanes(ctx.tx, ctx.now));
      const row = lanes.find((lane) => lane.name === name);
      if (row === undefined) throw new Error(`no lane ${name}`);
      return row;
    },
  };
}

export async function takeBatch(ctx: Ctx, lane: string): Promise<string[]> {
  const taken = await rows<{ key: string }>(
    ctx.tx,
    sql`DELETE FROM deployment_settings WHERE key IN (
          SELECT key FROM deployment_settings WHERE key LIKE ${`work:${lane}:%`} ORDER BY key LIMIT ${batchSize}
        ) RETURNING key`,
  );
  return taken.map(({ key }) => key);
}

export function newSeen(): Seen {
  return { done: [], active: 0, activeMax: 0 };
}

/** A promise and its resolver. */
export function newSignal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Waits for a state of the world that no event tells of. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
