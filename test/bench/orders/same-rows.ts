import pg from 'pg';
import type { BenchDatabase } from '../world.ts';

type Writes = { readonly inserted: number; readonly updated: number };

/**
 * What keeps the ceiling honest: over the same orders both sides inserted the same number of rows into every table, and the
 * ceiling updated none more often than the product. By Postgres's own count; nobody may be connected any more, for a session
 * tells what it did when it ends.
 */
export async function checkSameRows(ceiling: BenchDatabase, product: BenchDatabase): Promise<void> {
  const [limit, ours] = [await readWrites(ceiling), await readWrites(product)];
  const differences = [...ours].flatMap(([table, { inserted, updated }]) => {
    const other = limit.get(table) ?? { inserted: 0, updated: 0 };
    const isSame = other.inserted === inserted && other.updated <= updated;
    return isSame ? [] : [`${table}: ${told(other)} against ${told({ inserted, updated })}`];
  });
  if (differences.length > 0)
    throw new Error(`the ceiling does not write what the product writes: ${differences.join('; ')}`);
}

function told({ inserted, updated }: Writes): string {
  return `${inserted} inserted and ${updated} updated`;
}

async function readWrites({ url }: BenchDatabase): Promise<Map<string, Writes>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Writes & { name: string }>(
      `select relname as name, n_tup_ins::float8 as inserted, n_tup_upd::float8 as updated
       from pg_stat_user_tables where schemaname = 'public'`,
    );
    return new Map(rows.map(({ name, ...writes }) => [name, writes]));
  } finally {
    await client.end();
  }
}
