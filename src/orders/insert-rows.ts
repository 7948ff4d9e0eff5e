import { sql, type SQL } from 'drizzle-orm';
import { columnNames, rows, unnest, type ColumnTypes, type Ctx, type RowOf } from '../platform/db/index.ts';

/** One INSERT of all rows, from arrays; no statement for no rows. `table` is a name of ours. */
export async function insertRows<Answer = unknown, Columns extends ColumnTypes = ColumnTypes>(
  ctx: Ctx,
  table: string,
  columns: Columns,
  values: readonly RowOf<Columns>[],
  tail: SQL = sql``,
): Promise<Answer[]> {
  if (values.length === 0) return [];
  const names = columnNames(columns);
  return rows<Answer>(
    ctx.tx,
    sql`insert into ${sql.raw(table)} (${names}) select ${names} from ${unnest(columns, values)} ${tail}`,
  );
}
