import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, systemActor, useDatabase } from '../../../test/support/database.ts';
import { quietLog } from '../../../test/support/quiet-log.ts';
import { manualClock } from '../../kernel/index.ts';
import { firstRow, openDatabase, rows, savepoint, sqlState, type Ctx, type DomainEvent } from './index.ts';

const marked: { kind: string; events: readonly DomainEvent[] }[] = [];
const marker = (kind: string, then?: (ctx: Ctx) => void) => ({
  name: `mark-${kind}`,
  kinds: [kind],
  async mark(ctx: Ctx, events: readonly DomainEvent[]) {
    marked.push({ kind, events });
    then?.(ctx);
  },
});

const database = useDatabase({
  markers: [
    marker('order.placed', (ctx) => {
      ctx.events.push({ kind: 'stock.changed' });
      ctx.rings.add('allocation');
    }),
    marker('stock.changed'),
    marker('circle.closed', (ctx) => ctx.events.push({ kind: 'circle.closed' })),
  ],
});

const count = (): Promise<number> =>
  database.read(async (db) => (await rows<{ n: number }>(db, sql`select count(*) as n from notes`))[0]?.n ?? -1);
const note = (id: number) => sql`insert into notes (id) values (${id})`;

beforeAll(() => database.run(({ tx }) => rows(tx, sql`create table notes (id int primary key deferrable)`)));
beforeEach(async () => {
  await database.run(({ tx }) => rows(tx, sql`truncate notes`));
  database.rings.length = 0;
  marked.length = 0;
});

test('now is the clock of Postgres in milliseconds, or the clock that was given', async () => {
  const { now, server } = await database.run(async (ctx) => {
    const row = await firstRow<{ server: Date }>(ctx.tx, sql`select clock_timestamp() as server`);
    return { now: ctx.now, server: row?.server ?? new Date(0) };
  });
  expect(Math.abs(server.getTime() - now.getTime())).toBeLessThan(10_000);
  const clock = manualClock(new Date('2031-01-01T00:00:00.005Z'));
  const simulated = await createTestDatabase({ clock });
  expect(await simulated.run(async (ctx) => ctx.now)).toEqual(new Date('2031-01-01T00:00:00.005Z'));
  await simulated.close();
});

test('every transaction is READ COMMITTED in UTC with the limits of RELIABILITY', async () => {
  const settings = await database.run(({ tx }) =>
    rows(
      tx,
      sql`select current_setting('transaction_isolation') as isolation, current_setting('TimeZone') as zone,
        current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement,
        current_setting('idle_in_transaction_session_timeout') as idle`,
    ),
  );
  expect(settings).toEqual([{ isolation: 'read committed', zone: 'UTC', lock: '3s', statement: '15s', idle: '30s' }]);
});

test('a longer statement limit holds for its own transaction only', async () => {
  const limit = (ctx: Ctx): Promise<unknown> => rows(ctx.tx, sql`select current_setting('statement_timeout') as limit`);
  const actor = { kind: 'system', id: 'test' } as const;
  const single = await createTestDatabase({ pools: { write: 1 } });
  expect(await single.transact({ actor, statementTimeoutMs: 90_000 }, limit)).toEqual([{ limit: '90s' }]);
  expect(await single.run(limit)).toEqual([{ limit: '15s' }]);
  await single.close();
});

test('a statement over its limit is an unavailable Fault and nothing is committed', async () => {
  const slow = database.transact({ actor: { kind: 'system', id: 'test' }, statementTimeoutMs: 50 }, async ({ tx }) => {
    await rows(tx, note(1));
    await rows(tx, sql`select pg_sleep(20)`);
  });
  await expect(slow).rejects.toMatchObject({ kind: 'unavailable', code: 'database.statement_timeout' });
  expect(await count()).toBe(0);
});

test('markers get the events of their kind once, also those that other markers raise, before the commit', async () => {
  await database.run(async (ctx) => {
    ctx.events.push({ kind: 'order.placed' }, { kind: 'stock.changed' }, { kind: 'order.placed' });
  });
  expect(marked).toEqual([
    { kind: 'order.placed', events: [{ kind: 'order.placed' }, { kind: 'order.placed' }] },
    { kind: 'stock.changed', events: [{ kind: 'stock.changed' }] },
    { kind: 'stock.changed', events: [{ kind: 'stock.changed' }] },
  ]);
  expect(database.rings).toEqual(['allocation']);
});

test('markers that raise events in a circle fail the transaction', async () => {
  const circle = database.run(async (ctx) => {
    await rows(ctx.tx, note(1));
    ctx.events.push({ kind: 'circle.closed' });
  });
  await expect(circle).rejects.toThrow('after 5 rounds');
  expect(await count()).toBe(0);
});

test('a transaction that fails commits nothing and rings nothing', async () => {
  const failing = database.run(async (ctx) => {
    await rows(ctx.tx, note(1));
    ctx.rings.add('inbound');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await count()).toBe(0);
  expect(database.rings).toEqual([]);
});

test('a ring that throws does not fail what is committed', async () => {
  const throwing = await createTestDatabase({
    ring() {
      throw new Error('no queue');
    },
  });
  await expect(throwing.run(async (ctx) => ctx.rings.add('inbound').size)).resolves.toBe(1);
  await throwing.close();
});

test.each(['40001', '40P01', '55P03'])('SQLSTATE %s is tried again with events and rings emptied', async (state) => {
  let tries = 0;
  await database.run(async (ctx) => {
    tries += 1;
    expect(ctx.events).toEqual([]);
    expect([...ctx.rings]).toEqual([]);
    ctx.events.push({ kind: 'stock.changed' });
    ctx.rings.add(`lane-${tries}`);
    await rows(ctx.tx, note(tries));
    if (tries < 3)
      await rows(ctx.tx, sql.raw(`do $$ begin raise exception 'again' using errcode = '${state}'; end $$`));
  });
  expect(tries).toBe(3);
  expect(database.rings).toEqual(['lane-3']);
  expect(marked).toHaveLength(1);
  expect(await count()).toBe(1);
});

test('contention that outlives five retries is an unavailable Fault', async () => {
  let tries = 0;
  const failing = database.run(async (ctx) => {
    tries += 1;
    await rows(ctx.tx, sql`do $$ begin raise exception 'again' using errcode = '40P01'; end $$`);
  });
  await expect(failing).rejects.toMatchObject({ kind: 'unavailable', code: 'database.contended' });
  expect(tries).toBe(6);
});

test('two transactions that lock crosswise both commit', async () => {
  await database.run(({ tx }) => rows(tx, sql`insert into notes values (1), (2)`));
  let waiting = 0;
  let bothHold: () => void = () => undefined;
  const met = new Promise<void>((resolve) => (bothHold = resolve));
  const crossing = (first: number, second: number): Promise<unknown> =>
    database.run(async ({ tx }) => {
      await rows(tx, sql`select 1 from notes where id = ${first} for update`);
      waiting += 1;
      if (waiting === 2) bothHold();
      await met;
      await rows(tx, sql`select 1 from notes where id = ${second} for update`);
    });
  await expect(Promise.all([crossing(1, 2), crossing(2, 1)])).resolves.toHaveLength(2);
  expect(waiting).toBeGreaterThan(2);
});

test('transact inside transact is an error, and allowed again afterwards', async () => {
  await expect(database.run(() => database.run(async () => 1))).rejects.toMatchObject({
    code: 'database.nested_transaction',
  });
  await expect(database.run(({ tx }) => tx.transaction(async () => 1))).rejects.toMatchObject({
    code: 'database.nested_transaction',
  });
  expect(await database.run(async () => 2)).toBe(2);
});

test('a statement that comes after the end of its transaction is refused and never runs', async () => {
  let late: Ctx | null = null;
  await database.run(async (ctx) => {
    late = ctx;
  });
  const kept = late as Ctx | null;
  if (kept === null) throw new Error('the work did not run');
  await expect(rows(kept.tx, note(1))).rejects.toThrow('after the end of its transaction');
  expect(await count()).toBe(0);
});

test('a swallowed statement error outside a savepoint fails the transaction instead of silently rolling it back', async () => {
  const swallowing = database.run(async ({ tx }) => {
    await rows(tx, note(1));
    await rows(tx, note(1)).catch(() => undefined);
    return 'done';
  });
  await expect(swallowing).rejects.toMatchObject({ code: 'database.transaction_aborted' });
  expect(await count()).toBe(0);
});

test('a constraint that fails at the commit is thrown with its SQLSTATE', async () => {
  const failing = database.run(async ({ tx }) => {
    await rows(tx, sql`set constraints all deferred`);
    await rows(tx, note(1));
    await rows(tx, note(1));
  });
  expect(sqlState(await failing.catch((error: unknown) => error))).toBe('23505');
  expect(await database.run(async () => 'the connection is usable')).toBe('the connection is usable');
});

test('a savepoint undoes writes, events and rings of its work only, and nests', async () => {
  await database.run(async (ctx) => {
    ctx.rings.add('kept');
    await rows(ctx.tx, note(1));
    const failing = savepoint(ctx, async () => {
      ctx.events.push({ kind: 'stock.changed' });
      ctx.rings.add('undone');
      await savepoint(ctx, () => rows(ctx.tx, note(2)));
      await rows(ctx.tx, note(1));
    });
    expect(sqlState(await failing.catch((error: unknown) => error))).toBe('23505');
    await savepoint(ctx, () => rows(ctx.tx, note(3)));
  });
  const found = await database.read((db) => rows(db, sql`select id from notes order by id`));
  expect(found).toEqual([{ id: 1 }, { id: 3 }]);
  expect(database.rings).toEqual(['kept']);
  expect(marked).toEqual([]);
});

test('contention inside a savepoint is tried again as a whole even where it is caught', async () => {
  let tries = 0;
  await database.run(async (ctx) => {
    tries += 1;
    await rows(ctx.tx, note(tries));
    await savepoint(ctx, async () => {
      if (tries === 1) await rows(ctx.tx, sql`do $$ begin raise exception 'again' using errcode = '40P01'; end $$`);
    }).catch(() => undefined);
  });
  expect(tries).toBe(2);
  expect(await database.read((db) => rows(db, sql`select id from notes`))).toEqual([{ id: 2 }]);
});

test('an unreachable server is an unavailable Fault on every side', async () => {
  const url = 'postgresql://wharf:wrong@127.0.0.1:1/wharf';
  const gone = openDatabase({ url, readUrl: null, markers: [], log: quietLog, ring: () => undefined });
  const unreachable = { kind: 'unavailable', code: 'database.unreachable' };
  await expect(gone.transact({ actor: systemActor }, async () => 1)).rejects.toMatchObject(unreachable);
  await expect(gone.read((db) => rows(db, sql`select 1`))).rejects.toMatchObject(unreachable);
  await expect(gone.snapshot((db) => rows(db, sql`select 1`))).rejects.toMatchObject(unreachable);
  await gone.close();
});
