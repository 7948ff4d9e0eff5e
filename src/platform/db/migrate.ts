import pg from 'pg';
import * as defaults from '../../../config/defaults.ts';
import { Fault } from '../../kernel/index.ts';
import type { Log } from '../log/index.ts';
import { readMigrationFiles, type MigrationFile } from './migration-files.ts';
import { ensureReader } from './reader-role.ts';

export type MigrateResult = {
  /** Names of the files applied by this call. */
  readonly applied: readonly string[];
  /** Where the reading side logs in; null where no reader can be made and `read` is read-only by its session alone. */
  readonly readUrl: string | null;
};

/** Any number that nobody else uses for an advisory lock in this database ("wharf" in ASCII, cut to 32 bits). */
const lockKey = 0x77686172;

/**
 * Brings a database to this program's migrations, one transaction a file, and makes the reader's role. Any number of
 * processes may call it at once: they queue under an advisory lock, and the later ones find nothing to do.
 *
 * Throws Fault `database.too_old` before PostgreSQL 15, `migration.database_newer` where the database has a migration that this program does not know,
 * `migration.changed` where an applied file was edited, `migration.out_of_order` where a new file sorts before an
 * applied one.
 */
export async function migrate(url: string, options: { dir: string; log: Log }): Promise<MigrateResult> {
  const files = await readMigrationFiles(options.dir);
  const client = new pg.Client({ connectionString: url, application_name: 'wharf-migrate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await refuseOldServer(client);
    await client.query(`set lock_timeout = ${defaults.migrationWaitMs}; set client_min_messages = warning`);
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await client.query(
      `set lock_timeout = ${defaults.migrationLockTimeoutMs}; set statement_timeout = ${defaults.migrationStatementTimeoutMs}`,
    );
    const pending = pendingFiles(files, await readApplied(client));
    for (const file of pending) await apply(client, file, options.log);
    const readUrl = await ensureReader(client, url, options.log);
    return { applied: pending.map(({ name }) => name), readUrl };
  } finally {
    await client.end();
  }
}

/** Throws where the database is not exactly at this program's migrations: for processes that do not migrate themselves. */
export async function checkMigrated(url: string, dir: string): Promise<void> {
  const files = await readMigrationFiles(dir);
  const client = new pg.Client({
    connectionString: url,
    application_name: 'wharf-migrate',
    connectionTimeoutMillis: defaults.connectTimeoutMs,
    query_timeout: defaults.statementTimeoutMs,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await refuseOldServer(client);
    const [first] = pendingFiles(files, await readApplied(client));
    if (first !== undefined) {
      throw new Fault('conflict', 'migration.pending', {
        message: `the database lacks ${first.name}: run "wharf migrate"`,
        data: { migration: first.name },
      });
    }
  } finally {
    await client.end();
  }
}

/** DESIGN §7: SQL stays within PostgreSQL 15, and is tested there. */
const serverVersionMin = 150_000;

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ number: number; version: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as version",
  );
  const [server] = rows;
  if (server !== undefined && server.number >= serverVersionMin) return;
  throw new Fault('unavailable', 'database.too_old', {
    message: `PostgreSQL is ${server?.version ?? 'unknown'}: ${serverVersionMin / 10_000} or later is needed`,
  });
}

type Applied = { name: string; hash: string };

async function readApplied(client: pg.Client): Promise<Applied[]> {
  await client.query(`create table if not exists schema_migrations (
    name text collate "C" primary key,
    hash text not null,
    applied_at timestamptz(3) not null default clock_timestamp()
  )`);
  const { rows } = await client.query<Applied>('select name, hash from schema_migrations order by name');
  return rows;
}

function pendingFiles(files: readonly MigrationFile[], applied: readonly Applied[]): MigrationFile[] {
  const known = new Map(files.map((file) => [file.name, file]));
  for (const { name, hash } of applied) {
    const file = known.get(name);
    if (file === undefined) throw refusal('database_newer', name, 'the database is newer than this program: it has');
    if (file.hash !== hash) throw refusal('changed', name, 'this migration was edited after it had been applied:');
    known.delete(name);
  }
  const last = applied.at(-1)?.name ?? '';
  const pending = [...known.values()];
  const late = pending.find(({ name }) => name < last);
  if (late !== undefined) throw refusal('out_of_order', late.name, `this migration must be numbered after ${last}:`);
  return pending;
}

function refusal(code: string, migration: string, message: string): Fault {
  return new Fault('conflict', `migration.${code}`, { message: `${message} ${migration}`, data: { migration } });
}

async function apply(client: pg.Client, file: MigrationFile, log: Log): Promise<void> {
  await client.query('begin');
  try {
    await client.query(file.text);
    await client.query('insert into schema_migrations (name, hash) values ($1, $2)', [file.name, file.hash]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${file.name} failed and was rolled back`, { cause: error });
  }
  log.info({ migration: file.name }, 'migration applied');
}
