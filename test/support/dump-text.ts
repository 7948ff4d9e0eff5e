import pg from 'pg';

export type DumpedRow = { readonly table: string; readonly text: string };

/** Every row of every table of these schemas, as PostgreSQL writes it: what anybody with a backup could read. */
export async function dumpText(url: string, schemas: readonly string[]): Promise<DumpedRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema = any($1) and table_type = 'BASE TABLE' order by 1`,
      [schemas],
    );
    const found: DumpedRow[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ text: string }>(`select t::text as text from ${name} as t`);
      found.push(...rows.map(({ text }) => ({ table: name, text })));
    }
    return found;
  } finally {
    await client.end();
  }
}
