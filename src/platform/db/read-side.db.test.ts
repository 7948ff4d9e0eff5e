import { sql } from 'drizzle-orm';
import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { openTcpProxy } from '../../../test/support/tcp-proxy.ts';
import { quietLog } from '../../../test/support/quiet-log.ts';
import { useDatabase } from '../../../test/support/database.ts';
import { findReader, openDatabase, rows } from './index.ts';

const database = useDatabase();

beforeAll(() => database.run(({ tx }) => rows(tx, sql`create table notes (id int primary key)`)));

test('a write through read or snapshot is refused by the database', async () => {
  const write = sql`insert into notes values (1)`;
  await expect(database.read((db) => rows(db, write))).rejects.toMatchObject({ code: '25006' });
  await expect(database.snapshot((db) => rows(db, write))).rejects.toMatchObject({ code: '25006' });
});

test('the reader may not write even in a session that is not read-only', async () => {
  const client = new pg.Client({ connectionString: database.readUrl ?? '' });
  await client.connect();
  await client.query('set default_transaction_read_only = off');
  for (const statement of [
    'insert into notes values (1)',
    'update notes set id = 2',
    'delete from notes',
    'truncate notes',
    'create table more (id int)',
    'select * from notes for update',
  ]) {
    await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' });
  }
  const reader = `${new URL(database.url).username}_reader`;
  expect((await client.query('select current_user as name')).rows).toEqual([{ name: reader }]);
  await client.end();
});

test('without a reader role the session alone refuses writes', async () => {
  const single = openDatabase({ url: database.url, readUrl: null, markers: [], log: quietLog, ring: () => undefined });
  await expect(single.read((db) => rows(db, sql`insert into notes values (1)`))).rejects.toMatchObject({
    code: '25006',
  });
  await single.close();
});

test('any process that has the DATABASE_URL finds the reader, and one with a wrong password does not', async () => {
  expect(await findReader(database.url)).toBe(database.readUrl);
  const wrong = new URL(database.url);
  wrong.password = 'wrong';
  expect(await findReader(wrong.href)).toBe(null);
  wrong.password = '';
  expect(await findReader(wrong.href)).toBe(null);
});

test('a snapshot sees one state while others write', async () => {
  const counts = await database.snapshot(async (db) => {
    const count = () => rows(db, sql`select count(*) as n from notes`);
    const before = await count();
    await database.run(({ tx }) => rows(tx, sql`insert into notes values (7)`));
    return [before, await count()];
  });
  expect(counts).toEqual([[{ n: 0 }], [{ n: 0 }]]);
  expect(await database.read((db) => rows(db, sql`select count(*) as n from notes`))).toEqual([{ n: 1 }]);
});

test('more reads at once than connections all answer', async () => {
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) => database.read((db) => rows<{ n: number }>(db, sql`select ${n}::int4 as n`))),
  );
  expect(answers.map(([row]) => row?.n)).toEqual(Array.from({ length: 60 }, (_, n) => n));
});

test('a read whose backend is killed is an unavailable Fault and the next one works', async () => {
  const pids = await database.read((db) => rows<{ pid: number }>(db, sql`select pg_backend_pid() as pid`));
  expect(pids).toHaveLength(1);
  const slow = database.read((db) => rows(db, sql`select pg_sleep(20), 'killed' as mark`));
  const killed = expect(slow).rejects.toMatchObject({ kind: 'unavailable', code: 'database.unreachable' });
  await database.run(async ({ tx }) => {
    for (;;) {
      const [found] = await rows<{ done: boolean }>(
        tx,
        sql`select pg_terminate_backend(pid, 5000) as done from pg_stat_activity
          where application_name = 'wharf-read' and datname = current_database() and query like '%killed%' and state = 'active'`,
      );
      if (found?.done === true) return;
    }
  });
  await killed;
  expect(await database.read((db) => rows(db, sql`select 1 as one`))).toEqual([{ one: 1 }]);
});

test('text of the wrong form in a cursor is the fault of the caller, not an error of ours', async () => {
  const read = database.read((db) => rows(db, sql`select 1 where ${'x'}::uuid is null`));
  await expect(read).rejects.toMatchObject({ kind: 'invalid', code: 'input.malformed' });
});

test('reads fail at once while the server is away, and go on when it is back', async () => {
  const { hostname, port } = new URL(database.url);
  const proxy = await openTcpProxy({ host: hostname, port: Number(port) });
  const through = new URL(database.readUrl ?? '');
  through.port = String(proxy.port);
  const reader = openDatabase({ url: through.href, readUrl: null, markers: [], log: quietLog, ring: () => undefined });
  const read = () => reader.read((db) => rows(db, sql`select 1 as one`));
  expect(await read()).toEqual([{ one: 1 }]);
  await proxy.away();
  for (let times = 0; times < 5; times += 1) {
    await expect(Promise.all([read(), read(), read(), read(), read()])).rejects.toMatchObject({ kind: 'unavailable' });
  }
  await proxy.back();
  await expect.poll(read, { timeout: 20_000 }).toEqual([{ one: 1 }]);
  await reader.close();
  await proxy.close();
});
