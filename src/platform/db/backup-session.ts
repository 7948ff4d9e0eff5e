import pg from 'pg';
import * as defaults from '../../../config/defaults.ts';

/** The name and size of a database of the cluster. */
export type DatabaseSize = { readonly name: string; readonly bytes: number };

export type BackupSession = {
  /** As `server_version_num`: 180000. */
  readonly serverVersion: number;
  readonly database: string;
  /** All of the cluster but templates, by name. */
  databases(): Promise<DatabaseSize[]>;
  /** Begins a backup of the cluster's files: its WAL is kept from here on. Needs a superuser. Answers with their folder. */
  start(label: string): Promise<{ readonly dataDir: string; readonly hasTablespaces: boolean }>;
  /** Ends it: what must stand beside the copied files, and the WAL they need, from the first segment to the last. */
  stop(): Promise<{ readonly label: string; readonly tablespaceMap: string; readonly wal: readonly string[] }>;
  close(): Promise<void>;
};

/** Any number that nobody else uses for an advisory lock in this database ("bkup" in ASCII). */
const lockKey = 0x626b7570;
const slot = 'wharf_backup';

/**
 * A session of its own that holds the right to back this database up: null where another process has it. The right and
 * the WAL that is kept end with the session, whatever ends it.
 */
export async function openBackupSession(url: string): Promise<BackupSession | null> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'wharf-backup',
    connectionTimeoutMillis: defaults.connectTimeoutMs,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ isOurs: boolean; version: number; database: string }>(
      `select pg_try_advisory_lock(${lockKey}) as "isOurs", current_setting('server_version_num')::int4 as version,
              current_database() as database`,
    );
    const [found] = rows;
    if (found?.isOurs !== true) {
      await client.end();
      return null;
    }
    return sessionOf(client, found);
  } catch (error) {
    await client.end();
    throw error;
  }
}

function sessionOf(client: pg.Client, found: { version: number; database: string }): BackupSession {
  let first = '';
  return {
    serverVersion: found.version,
    database: found.database,
    async databases() {
      const { rows } = await client.query<{ name: string; bytes: string }>(
        `select datname as name, pg_database_size(oid) as bytes from pg_database
         where not datistemplate and datallowconn and has_database_privilege(oid, 'connect') order by datname`,
      );
      return rows.map(({ name, bytes }) => ({ name, bytes: Number(bytes) }));
    },
    async start(label) {
      await client.query(`select pg_create_physical_replication_slot('${slot}', true, true)`);
      const { rows } = await client.query<{ wal: string; dataDir: string; hasTablespaces: boolean }>(
        `select pg_walfile_name(pg_backup_start($1, true)) as wal, current_setting('data_directory') as "dataDir",
                exists (select from pg_tablespace where spcname not in ('pg_default', 'pg_global')) as "hasTablespaces"`,
        [label],
      );
      const [started] = rows;
      if (started === undefined) throw new Error('pg_backup_start did not answer');
      first = started.wal;
      return started;
    },
    async stop() {
      // Answers once the last record is on the disk, and begins a new segment.
      const { rows } = await client.query<{ label: string; map: string; last: string }>(
        `select labelfile as label, spcmapfile as map, pg_walfile_name(lsn) as last from pg_backup_stop(false)`,
      );
      const [stopped] = rows;
      if (stopped === undefined) throw new Error('pg_backup_stop did not answer');
      const { rows: files } = await client.query<{ name: string }>(
        `select name from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$' and name between $1 and $2 order by name`,
        [first, stopped.last],
      );
      return { label: stopped.label, tablespaceMap: stopped.map, wal: files.map(({ name }) => name) };
    },
    close: () => client.end(),
  };
}
