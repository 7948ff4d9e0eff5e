import { sql } from 'drizzle-orm';
import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { administer, useDatabase } from '../../../test/support/database.ts';
import { Fault } from '../../kernel/index.ts';
import { firstRow, rows, savepoint, type Ctx, type Tx } from './index.ts';

const database = useDatabase({ pools: { write: 8 } });
const rounds = 40;

beforeAll(() =>
  database.run(({ tx }) => rows(tx, sql`create table halves (pair int, half int, primary key (pair, half))`)),
);

async function backend(tx: Tx): Promise<number> {
  return (await firstRow<{ pid: number }>(tx, sql`select pg_backend_pid() as pid`))?.pid ?? 0;
}

const kill = (pid: number): Promise<void> => administer(database.url, `select pg_terminate_backend(${pid}, 5000)`);

/** Each way in which code may go on after its connection has died between two writes. */
const ways: Record<string, (ctx: Ctx, second: () => Promise<unknown>) => Promise<unknown>> = {
  'the error is thrown on': (_ctx, second) => second(),
  'the error is swallowed': (_ctx, second) => second().catch(() => undefined),
  'the write is tried again and again': async (_ctx, second) => {
    for (let tries = 0; tries < 5; tries += 1) await second().catch(() => undefined);
  },
  'the write stands in a savepoint whose error is swallowed': (ctx, second) =>
    savepoint(ctx, second).catch(() => undefined),
};

test.each(Object.entries(ways))('a killed backend leaves no half transaction when %s', async (_name, goOn) => {
  await database.run(({ tx }) => rows(tx, sql`truncate halves`));
  const outcomes = await Promise.all(
    Array.from({ length: rounds }, async (_, pair) => {
      try {
        await database.run(async (ctx) => {
          await rows(ctx.tx, sql`insert into halves values (${pair}, 1)`);
          if (pair % 2 === 0) await kill(await backend(ctx.tx));
          await goOn(ctx, () => rows(ctx.tx, sql`insert into halves values (${pair}, 2) on conflict do nothing`));
        });
        return 'committed';
      } catch (error) {
        return error instanceof Fault ? error.code : String(error);
      }
    }),
  );
  const expected = outcomes.map((_, pair) => (pair % 2 === 0 ? 'database.unreachable' : 'committed'));
  expect(outcomes).toEqual(expected);
  const found = await database.read((db) =>
    rows<{ pair: number; halves: number }>(
      db,
      sql`select pair, count(*) as halves from halves group by pair order by pair`,
    ),
  );
  expect(found).toEqual(outcomes.flatMap((_, pair) => (pair % 2 === 0 ? [] : [{ pair, halves: 2 }])));
});

test('backends killed at random moments leave pairs whole or absent, and the pool recovers', async () => {
  await database.run(({ tx }) => rows(tx, sql`truncate halves`));
  let writing = true;
  const killer = (async () => {
    while (writing) {
      await administer(
        database.url,
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name = 'wharf-write' and random() < 0.3`,
      );
    }
  })();
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      const committed: number[] = [];
      for (let round = 0; round < 40; round += 1) {
        const pair = writer * 1_000 + round;
        const done = await database
          .run(async ({ tx }) => {
            await rows(tx, sql`insert into halves values (${pair}, 1)`);
            await rows(tx, sql`insert into halves values (${pair}, 2)`);
            return true;
          })
          .catch((error: unknown) => {
            if (error instanceof Fault && (error.kind === 'unavailable' || error.kind === 'outcome_unknown'))
              return false;
            throw error;
          });
        if (done) committed.push(pair);
      }
      return committed;
    }),
  );
  writing = false;
  await killer;
  const found = await database.read((db) =>
    rows<{ pair: number; halves: number }>(db, sql`select pair, count(*) as halves from halves group by pair`),
  );
  expect(found.filter(({ halves }) => halves !== 2)).toEqual([]);
  const kept = new Set(found.map(({ pair }) => pair));
  expect(outcomes.flat().filter((pair) => !kept.has(pair))).toEqual([]);
  expect(outcomes.flat().length).toBeLessThan(320);
  expect(await database.run(async () => 'recovered')).toBe('recovered');
});

test('a client that connects anew by itself and goes on commits half a transaction, which this check sees', async () => {
  await database.run(({ tx }) => rows(tx, sql`truncate halves`));
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const first = await connect();
  await first.query('begin');
  await first.query('insert into halves values (1, 1)');
  const { rows: pids } = await first.query<{ pid: number }>('select pg_backend_pid() as pid');
  await kill(pids[0]?.pid ?? 0);
  const again = await connect();
  await again.query('insert into halves values (1, 2)');
  await again.query('commit');
  await again.end();
  const found = await database.read((db) =>
    rows<{ pair: number; halves: number }>(db, sql`select pair, count(*) as halves from halves group by pair`),
  );
  expect(found.filter(({ halves }) => halves !== 2)).toEqual([{ pair: 1, halves: 1 }]);
});
