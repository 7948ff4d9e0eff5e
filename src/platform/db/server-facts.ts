import { sql } from 'drizzle-orm';
import type { AnyDb } from './context.ts';
import { firstRow } from './rows.ts';

export type ServerFacts = {
  /** `150004` is 15.4. */
  readonly versionNumber: number;
  readonly version: string;
  readonly now: Date;
  readonly connections: number;
  readonly connectionsMax: number;
  /** Of the oldest transaction that is open in this database, by Postgres's clock; null where none is. */
  readonly oldestTransactionSeconds: number | null;
  readonly user: string;
  readonly isReadOnly: boolean;
  readonly sizeBytes: number;
  /** Null where this login may not know it (a hosted database), or where the database is on another machine. */
  readonly dataDirectory: string | null;
};

/** What a PostgreSQL says of itself. Works on a database that was never migrated. */
export async function readServerFacts(db: AnyDb): Promise<ServerFacts> {
  const facts = await firstRow<ServerFacts>(
    db,
    sql`select current_setting('server_version_num')::int4 as "versionNumber", current_setting('server_version') as version,
          clock_timestamp() as now, (select count(*) from pg_stat_activity) as connections,
          current_setting('max_connections')::int4 as "connectionsMax",
          (select extract(epoch from max(clock_timestamp() - xact_start))::float8 from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid()) as "oldestTransactionSeconds",
          current_user::text as user, current_setting('transaction_read_only') = 'on' as "isReadOnly",
          pg_database_size(current_database()) as "sizeBytes",
          (select setting from pg_settings where name = 'data_directory') as "dataDirectory"`,
  );
  if (facts === null) throw new Error('a select without a table always has a row');
  return facts;
}
