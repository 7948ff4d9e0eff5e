import type pg from 'pg';

export type MoldColumn = { readonly name: string; readonly type: string; readonly isIndexed: boolean };

/** The rows of one table that the product wrote, as Postgres writes them, column by column. */
export type MoldTable = {
  readonly name: string;
  readonly columns: readonly MoldColumn[];
  readonly values: readonly (readonly (string | null)[])[];
};

/** All rows that the product wrote for some orders; tables stand before those that refer to them. */
export type Mold = readonly MoldTable[];

type Described = {
  readonly name: string;
  readonly columns: readonly MoldColumn[];
  readonly parents: readonly string[];
};

/** Counts of all tables; `readMold` takes those that have grown since. */
export async function countRows(client: pg.Client): Promise<Map<string, number>> {
  const tables = await describeTables(client);
  const counts = new Map<string, number>();
  for (const { name } of tables) {
    const { rows } = await client.query<{ count: number }>(`select count(*)::int4 as count from "${name}"`);
    counts.set(name, rows[0]?.count ?? 0);
  }
  return counts;
}

/** Reads every table that was empty before and is not now. A table that has grown otherwise is an error: it would be missed. */
export async function readMold(client: pg.Client, before: ReadonlyMap<string, number>): Promise<Mold> {
  const after = await countRows(client);
  const grown = (await describeTables(client)).filter(({ name }) => (after.get(name) ?? 0) > (before.get(name) ?? 0));
  const mixed = grown.find(({ name }) => before.get(name) !== 0);
  if (mixed !== undefined) throw new Error(`${mixed.name} had rows before: the ceiling cannot tell which are new`);
  const mold: MoldTable[] = [];
  for (const { name, columns } of parentsFirst(grown)) {
    const texts = columns.map((column) => `"${column.name}"::text`).join(', ');
    const { rows } = await client.query<(string | null)[]>({
      text: `select ${texts} from "${name}" order by 1`,
      rowMode: 'array',
    });
    mold.push({ name, columns, values: columns.map((_, index) => rows.map((row) => row[index] ?? null)) });
  }
  return mold;
}

/** Columns that Postgres numbers by itself are left to it. */
async function describeTables(client: pg.Client): Promise<Described[]> {
  const { rows } = await client.query<Described>(
    `select c.relname as name,
       (select jsonb_agg(jsonb_build_object(
           'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
           'isIndexed', exists (select from pg_index i where i.indrelid = c.oid and a.attnum = any(i.indkey::int2[])))
         order by a.attnum)
        from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attidentity = '') as columns,
       coalesce((select jsonb_agg(f.confrelid::regclass::text) from pg_constraint f
                 where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid), '[]') as parents
     from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by c.relname`,
  );
  return rows;
}

function parentsFirst(tables: readonly Described[]): Described[] {
  const sorted: Described[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const names = new Set(left.map(({ name }) => name));
    const ready = left.filter(({ parents }) => !parents.some((parent) => names.has(parent)));
    if (ready.length === 0) throw new Error('the tables refer to each other in a circle');
    sorted.push(...ready);
    left = left.filter((table) => !ready.includes(table));
  }
  return sorted;
}
