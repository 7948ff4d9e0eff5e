import type pg from 'pg';

type Column = {
  readonly name: string;
  readonly type: string;
  readonly isIndexed: boolean;
  /** In a unique index none of whose columns is an id that changes with the copy. */
  readonly isKey: boolean;
};
type Table = { readonly name: string; readonly keys: readonly string[]; readonly columns: readonly Column[] };

/** What a day left in the tables that grow with orders, to be written again many times over. */
export type Day = { readonly tables: readonly string[]; readonly orders: number };

/** A table that got fewer rows from a day does not grow with orders. */
const rowsADayMin = 20;
/** A column of fewer values than that is a word of ours, and stays. */
const wordsMax = 20;
/** Above all that the sequences have given. */
const firstNumber = 10_000_000;

/** Notes what stands before a day begins. */
export async function beginDay(client: pg.Client): Promise<void> {
  await client.query('create schema before; create schema day');
  for (const { name, keys } of await describeTables(client)) {
    await client.query(
      `create table before.${quoted(name)} as select ${keys.map(quoted).join(', ')} from public.${quoted(name)}`,
    );
  }
}

/** Keeps the rows that came since, and under which ids. */
export async function endDay(client: pg.Client): Promise<Day> {
  const tables: string[] = [];
  for (const { name, keys } of await describeTables(client)) {
    const isSame = keys.map((key) => `b.${quoted(key)} = t.${quoted(key)}`).join(' and ');
    const { rowCount } = await client.query(
      `create table day.${quoted(name)} as select t.* from public.${quoted(name)} t
       where not exists (select from before.${quoted(name)} b where ${isSame})`,
    );
    if ((rowCount ?? 0) >= rowsADayMin) tables.push(name);
  }
  const ids = [];
  for (const name of tables) {
    const { rows } = await client.query(
      `select from pg_attribute where attrelid = 'day.${quoted(name)}'::regclass and attname = 'id' and atttypid = 'uuid'::regtype`,
    );
    if (rows.length > 0) ids.push(`select id from day.${quoted(name)}`);
  }
  await client.query(`create table day.ids as ${ids.join(' union ')}`);
  await client.query('create unique index on day.ids (id); analyze day.ids');
  const { rows } = await client.query<{ orders: number }>('select count(*)::int4 as orders from day.orders');
  return { tables, orders: rows[0]?.orders ?? 0 };
}

/**
 * Writes the day again, once for each copy, as days before it: in one statement a table, without the checks of foreign keys.
 * Ids, keys, numbers and hashes are new; times go back.
 */
export async function multiplyDay(
  client: pg.Client,
  day: Day,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  await client.query('set session_replication_role = replica');
  const described = new Map((await describeTables(client)).map((table) => [table.name, table]));
  for (const name of day.tables) {
    const columns = described.get(name)?.columns ?? [];
    const values = [];
    for (const column of columns) values.push(await againOf(client, name, column));
    await client.query(
      `insert into public.${quoted(name)} (${columns.map(({ name: column }) => quoted(column)).join(', ')})
       select ${values.join(', ')} from generate_series(${from}, ${to}) as copy cross join day.${quoted(name)} d`,
    );
  }
  await client.query('reset session_replication_role');
  await client.query('vacuum analyze');
}

async function againOf(client: pg.Client, table: string, column: Column): Promise<string> {
  const cell = `d.${quoted(column.name)}`;
  const type = column.type.split('(')[0] ?? '';
  if (type === 'uuid') return againOfId(client, table, cell, column.name);
  if (type.startsWith('timestamp')) return `${cell} - copy * interval '10 minutes'`;
  if (type === 'integer' || type === 'bigint') {
    return column.isKey ? `${cell} + ${firstNumber} + copy * 1000` : cell;
  }
  if (!column.isKey && !(column.isIndexed && (await countValues(client, table, column.name)) > wordsMax)) return cell;
  if (type === 'bytea') return `substring(sha256(${cell} || int4send(copy)) for octet_length(${cell}))`;
  return type === 'text' ? `${cell} || '.' || copy` : cell;
}

/** Ids of the day get the number of the copy for their first digits, and so sort as they did; others stay. */
async function againOfId(client: pg.Client, table: string, cell: string, name: string): Promise<string> {
  const { rows } = await client.query<{ own: number; all: number }>(
    `select count(i.id)::int4 as own, count(d.${quoted(name)})::int4 as all
     from day.${quoted(table)} d left join day.ids i on i.id = d.${quoted(name)}`,
  );
  const { own = 0, all = 0 } = rows[0] ?? {};
  const again = `(lpad(to_hex(copy), 8, '0') || substr(${cell}::text, 9))::uuid`;
  if (own === 0) return cell;
  return own === all
    ? again
    : `case when exists (select from day.ids i where i.id = ${cell}) then ${again} else ${cell} end`;
}

async function countValues(client: pg.Client, table: string, column: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(distinct ${quoted(column)})::int4 as count from day.${quoted(table)}`,
  );
  return rows[0]?.count ?? 0;
}

/** Columns that Postgres fills by itself are left to it. */
async function describeTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select c.relname as name,
       coalesce((select jsonb_agg(a.attname) from pg_index i join pg_attribute a
          on a.attrelid = c.oid and a.attnum = any(i.indkey::int2[]) where i.indrelid = c.oid and i.indisprimary), '[]') as keys,
       (select jsonb_agg(jsonb_build_object(
           'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
           'isIndexed', exists (select from pg_index i where i.indrelid = c.oid and a.attnum = any(i.indkey::int2[])),
           'isKey', exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and a.attnum = any(i.indkey::int2[])
             and not exists (select from pg_attribute o where o.attrelid = c.oid and o.attnum = any(i.indkey::int2[])
               and o.atttypid = 'uuid'::regtype and o.attname not in ('shop_id', 'sku_id', 'warehouse_id'))))
         order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          and a.attidentity = '' and a.attgenerated = '') as columns
     from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by c.relname`,
  );
  return rows.filter(({ keys }) => keys.length > 0);
}

function quoted(name: string): string {
  return `"${name}"`;
}
