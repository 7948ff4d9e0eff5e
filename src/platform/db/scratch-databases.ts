import pg from 'pg';
import * as defaults from '../../../config/defaults.ts';
import { Fault } from '../../kernel/index.ts';
import { sqlState } from './sql-error.ts';

/** Databases of one server, for somebody who makes, looks at and renames them. */
export type ScratchDatabases = {
  readonly serverVersion: number;
  url(name: string): string;
  /** How many tables it has and who else is connected; null where there is none of that name. */
  look(name: string): Promise<{ readonly tables: number; readonly sessions: number } | null>;
  /** Empty; one of that name that an earlier attempt left is dropped. Throws Fault `restore.may_not_create`. */
  create(name: string): Promise<void>;
  drop(name: string): Promise<void>;
  /** Gives `from` the name `to`. What had it gets another, which is answered. */
  moveTo(from: string, to: string): Promise<string | null>;
  close(): Promise<void>;
};

/** Connects beside the database that `url` names, which need not exist: to `postgres`, or else to `template1`. */
export async function openScratchDatabases(url: string): Promise<ScratchDatabases> {
  const urlOf = (name: string): string => {
    const changed = new URL(url);
    changed.pathname = `/${encodeURIComponent(name)}`;
    return changed.href;
  };
  const client = (await connect(urlOf('postgres'))) ?? (await connect(urlOf('template1')));
  if (client === null)
    throw new Fault('conflict', 'restore.no_database_beside', {
      message: 'this login can enter neither the database postgres nor template1 of its server',
    });
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int4 as version`,
  );
  const named = (name: string): string => client.escapeIdentifier(name);
  const drop = async (name: string): Promise<void> => {
    await client.query(`drop database if exists ${named(name)} with (force)`);
  };
  return {
    serverVersion: rows[0]?.version ?? 0,
    url: urlOf,
    async look(name) {
      const found = await client.query<{ sessions: number }>(
        `select (select count(*)::int4 from pg_stat_activity a where a.datname = d.datname) as sessions
         from pg_database d where d.datname = $1`,
        [name],
      );
      const [database] = found.rows;
      return database === undefined ? null : { sessions: database.sessions, tables: await countTables(urlOf(name)) };
    },
    async create(name) {
      try {
        await drop(name);
        await client.query(`create database ${named(name)} template template0 encoding 'UTF8'`);
      } catch (error) {
        if (sqlState(error) !== '42501') throw error;
        throw new Fault('conflict', 'restore.may_not_create', {
          message:
            'this login may not create databases, and a restore is loaded beside its place: grant it CREATEDB, or restore with a DATABASE_URL that may',
        });
      }
    },
    drop,
    async moveTo(from, to) {
      const stamp = new Date().toISOString().replaceAll(/[-:T]|\.\d+Z/g, '');
      const aside = `${to}_before_${stamp}`;
      const taken = await client.query('select 1 from pg_database where datname = $1', [to]);
      if (taken.rowCount !== 0) await client.query(`alter database ${named(to)} rename to ${named(aside)}`);
      await client.query(`alter database ${named(from)} rename to ${named(to)}`);
      return taken.rowCount === 0 ? null : aside;
    },
    close: () => client.end(),
  };
}

async function connect(url: string): Promise<pg.Client | null> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'wharf-restore',
    connectionTimeoutMillis: defaults.connectTimeoutMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    if (['3D000', '42501', '28000'].includes(sqlState(error) ?? '')) return null;
    throw error;
  }
}

async function countTables(url: string): Promise<number> {
  const client = await connect(url);
  try {
    const found = await client?.query<{ count: number }>(
      `select count(*)::int4 as count from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')`,
    );
    return found?.rows[0]?.count ?? 0;
  } finally {
    await client?.end();
  }
}
