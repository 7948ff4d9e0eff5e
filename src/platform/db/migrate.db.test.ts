import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEmptyDatabase } from '../../../test/support/database.ts';
import { quietLog } from '../../../test/support/quiet-log.ts';
import { checkMigrated, migrate, readMigrationFiles } from './index.ts';

const run = promisify(execFile);
const checkout = join(import.meta.dirname, '../../..');

let dir = '';
let url = '';
let drop: () => Promise<void> = async () => undefined;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'wharf-migrations-'));
  ({ url, drop } = await createEmptyDatabase());
  await writeFile(join(dir, '0000_create_a.sql'), 'create table a (id int);\n');
  await writeFile(join(dir, '0001_create_b.sql'), 'create table b (id int); insert into b values (1);');
});

afterEach(async () => {
  await rm(dir, { recursive: true });
  await drop();
});

const migrateAll = () => migrate(url, { dir, log: quietLog });

async function query<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Row>(statement);
  await client.end();
  return rows;
}

test('migrations are applied once, in order, and then there is nothing to do', async () => {
  expect((await migrateAll()).applied).toEqual(['0000_create_a.sql', '0001_create_b.sql']);
  expect((await migrateAll()).applied).toEqual([]);
  expect(await query('select * from b')).toEqual([{ id: 1 }]);
});

test('three processes at once all succeed and each file is applied by one of them', async () => {
  await writeFile(join(dir, '0002_wait.sql'), 'select pg_sleep(0.5);');
  const script = join(checkout, 'test/support/run-migrate.ts');
  const runs = await Promise.all(
    [1, 2, 3].map(() => run(process.execPath, ['--import', 'tsx', script, url, dir], { cwd: checkout })),
  );
  expect(runs.map(({ stdout }) => stdout.trim()).toSorted()).toEqual(['0', '0', '3']);
});

test('a file that fails leaves nothing of itself and everything before it', async () => {
  await writeFile(join(dir, '0002_fail.sql'), 'create table c (id int); select 1/0;');
  await expect(migrateAll()).rejects.toThrow('0002_fail.sql failed');
  expect(await query(`select to_regclass('b') is not null as b, to_regclass('c') is null as c`)).toEqual([
    { b: true, c: true },
  ]);
  await writeFile(join(dir, '0002_fail.sql'), 'create table c (id int);');
  expect((await migrateAll()).applied).toEqual(['0002_fail.sql']);
});

test('a database that is newer than the program is refused', async () => {
  await migrateAll();
  await rm(join(dir, '0001_create_b.sql'));
  const newer = { kind: 'conflict', code: 'migration.database_newer', data: { migration: '0001_create_b.sql' } };
  await expect(migrateAll()).rejects.toMatchObject(newer);
  await expect(checkMigrated(url, dir)).rejects.toMatchObject(newer);
});

test('an applied file that was edited is refused, and other line ends are no edit', async () => {
  await migrateAll();
  await writeFile(join(dir, '0000_create_a.sql'), 'create table a (id int);\r\n');
  await expect(migrateAll()).resolves.toMatchObject({ applied: [] });
  await writeFile(join(dir, '0000_create_a.sql'), 'create table a (id bigint);');
  await expect(migrateAll()).rejects.toMatchObject({ code: 'migration.changed' });
});

test('a new file that sorts before an applied one is refused', async () => {
  await rm(join(dir, '0000_create_a.sql'));
  await migrateAll();
  await writeFile(join(dir, '0000_create_a.sql'), 'create table a (id int);\n');
  await expect(migrateAll()).rejects.toMatchObject({ code: 'migration.out_of_order' });
});

test('a process that does not migrate is told what the database lacks', async () => {
  await migrateAll();
  await expect(checkMigrated(url, dir)).resolves.toBe(undefined);
  await writeFile(join(dir, '0002_create_c.sql'), 'create table c (id int);');
  await expect(checkMigrated(url, dir)).rejects.toMatchObject({ code: 'migration.pending' });
});

test('the reader may read tables of later migrations', async () => {
  const { readUrl } = await migrateAll();
  await writeFile(join(dir, '0002_create_c.sql'), 'create table c (id int); insert into c values (3);');
  await migrateAll();
  const client = new pg.Client({ connectionString: readUrl ?? '' });
  await client.connect();
  expect((await client.query('select id from c')).rows).toEqual([{ id: 3 }]);
  await client.end();
});

test('a misnamed file, a number used twice and an empty folder are refused', async () => {
  await writeFile(join(dir, '0001_create_c.sql'), '');
  await expect(readMigrationFiles(dir)).rejects.toThrow('two migrations are numbered 0001');
  await rm(join(dir, '0001_create_c.sql'));
  await writeFile(join(dir, 'create-c.sql'), '');
  await expect(readMigrationFiles(dir)).rejects.toThrow('NNNN_verb_noun.sql');
  await rm(dir, { recursive: true });
  await mkdir(dir);
  await expect(readMigrationFiles(dir)).rejects.toThrow('no migrations');
});
