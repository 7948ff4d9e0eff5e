import type pg from 'pg';

/** Empties what a run has written, and starts the numbers anew: faster than a database for each. */
export type Wiper = { wipe(): Promise<void> };

/** What was deleted is in the way of later runs. */
const runsBetweenVacuums = 10;

/** Looks once which tables and numbers there are, and what the migrations put into them. */
export async function openWiper(client: pg.Client): Promise<Wiper> {
  const { rows: tables } = await client.query<{ name: string; size: string }>(
    `select c.oid::regclass::text as name, (xpath('/row/n/text()',
              query_to_xml(format('select count(*) as n from %s', c.oid::regclass), false, true, '')))[1]::text as size
     from pg_class c
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> 'schema_migrations' order by 1`,
  );
  const { rows: sequences } = await client.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
     where c.relkind = 'S' and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  const { rows: known } = await client.query(`select from pg_namespace where nspname = 'kept'`);
  // Put aside by an earlier program on this database.
  const isKept = known.length > 0;
  const { rows: kept } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = to_regnamespace('kept')`,
  );
  const seeded = isKept
    ? kept.map(({ name }) => name)
    : tables.filter(({ size }) => size !== '0').map(({ name }) => name);
  const emptied = tables.map(({ name }) => name).filter((name) => !seeded.includes(name));
  if (!isKept) {
    await client.query('create schema kept');
    for (const name of seeded) await client.query(`create table kept.${name} as table ${name}`);
    const { rows: dated } = await client.query<{ name: string; column: string }>(
      `select table_name as name, column_name as column from information_schema.columns
       where table_schema = 'kept' and column_name in ('created_at', 'updated_at')`,
    );
    // When the migrations ran is no part of a run.
    for (const { name, column } of dated) await client.query(`update kept.${name} set ${column} = '2026-01-01'`);
  }
  // Statistics that change in the background would change plans from run to run.
  for (const { name } of tables) await client.query(`alter table ${name} set (autovacuum_enabled = false)`);
  const names = tables.map(({ name }) => name).join(', ');
  let runs = 0;
  const statements = [
    'begin',
    'set local session_replication_role = replica',
    ...[...emptied, ...seeded].map((name) => `delete from ${name}`),
    ...seeded.map((name) => `insert into ${name} select * from kept.${name}`),
    ...sequences.map(({ name }) => `alter sequence ${name} restart`),
    'commit',
  ].join(';');
  return {
    async wipe() {
      await client.query(statements);
      runs += 1;
      if (runs % runsBetweenVacuums === 0) await client.query(`vacuum ${names}`);
    },
  };
}
