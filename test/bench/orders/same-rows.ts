import pg from 'pg';
import type { BenchDatabase } from '../world.ts';

type Table = {
  readonly inserted: number;
  readonly updated: number;
  /** Rows that now stand, how many of each column are not null, and their bytes. */
  readonly rows: number;
  readonly filled: Readonly<Record<string, number>>;
  readonly bytes: number;
};
type Side = { readonly schema: readonly string[]; readonly tables: ReadonlyMap<string, Table> };

/** Orders of a round differ a little from those of another in what they leave empty, and how long their texts are. */
const shareMin = 0.9;

/**
 * What keeps the ceiling honest: over the same orders both sides inserted the same number of rows into every table, of the same
 * columns, indexes, checks and triggers, as full and as long; and the ceiling updated none more often than the product. By
 * Postgres's own counts; nobody may be connected any more, for a session tells what it did when it ends.
 */
export async function checkSameRows(ceiling: BenchDatabase, product: BenchDatabase): Promise<void> {
  const [limit, ours] = [await readSide(ceiling), await readSide(product)];
  const differences = [
    ...ours.schema.filter((line) => !limit.schema.includes(line)).map((line) => `without ${line}`),
    ...limit.schema.filter((line) => !ours.schema.includes(line)).map((line) => `with ${line}`),
    ...[...ours.tables].flatMap(([name, table]) => compare(name, limit.tables.get(name), table)),
  ];
  if (differences.length > 0)
    throw new Error(`the ceiling does not write what the product writes: ${differences.join('; ')}`);
}

function compare(name: string, limit: Table | undefined, ours: Table): string[] {
  if (limit === undefined) return [`${name}: it has none`];
  if (limit.inserted !== ours.inserted || limit.updated > ours.updated)
    return [`${name}: ${told(limit)} against ${told(ours)}`];
  if (ours.inserted === 0) return [];
  const empty = Object.entries(ours.filled).filter(([column, count]) => (limit.filled[column] ?? 0) < count * shareMin);
  const short = limit.bytes / limit.rows < (ours.bytes / ours.rows) * shareMin;
  return [
    ...empty.map(([column, count]) => `${name}.${column}: ${limit.filled[column] ?? 0} written against ${count}`),
    ...(short ? [`${name}: ${limit.bytes} bytes against ${ours.bytes}`] : []),
  ];
}

function told({ inserted, updated }: Table): string {
  return `${inserted} inserted and ${updated} updated`;
}

async function readSide({ url }: BenchDatabase): Promise<Side> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return { schema: await readSchema(client), tables: await readTables(client) };
  } finally {
    await client.end();
  }
}

/** What a write to a table must keep up, each as a line. */
async function readSchema(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select relname || case relpersistence when 'p' then ' is logged' else ' is not logged' end as line from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace
     union all
     select indexdef from pg_indexes where schemaname = 'public'
     union all
     select conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
     where connamespace = 'public'::regnamespace
     union all
     select pg_get_triggerdef(oid) || ' ' || tgenabled::text from pg_trigger where not tgisinternal
     order by 1`,
  );
  return rows.map(({ line }) => line);
}

async function readTables(client: pg.Client): Promise<Map<string, Table>> {
  const { rows } = await client.query<Pick<Table, 'inserted' | 'updated'> & { name: string; columns: string[] }>(
    `select relname as name, n_tup_ins::float8 as inserted, n_tup_upd::float8 as updated,
       array(select attname::text from pg_attribute where attrelid = relid and attnum > 0 and not attisdropped) as columns
     from pg_stat_user_tables where schemaname = 'public'`,
  );
  const tables = new Map<string, Table>();
  for (const { name, columns, inserted, updated } of rows) {
    const counts = columns.map((column) => `'${column}', count("${column}")`).join(', ');
    const { rows: found } = await client.query<Pick<Table, 'rows' | 'filled' | 'bytes'>>(
      `select count(*)::float8 as rows, jsonb_build_object(${counts}) as filled,
         coalesce(sum(pg_column_size(t.*)), 0)::float8 as bytes from "${name}" t`,
    );
    const [standing] = found;
    if (standing !== undefined) tables.set(name, { inserted, updated, ...standing });
  }
  return tables;
}
