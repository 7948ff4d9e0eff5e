import { sql, type SQL } from 'drizzle-orm';
import { list, listValue, namedList, type ListType } from './list.ts';

/** Columns of rows that travel as arrays: the name in TypeScript (`orderId` is column `order_id`) and the type in Postgres. */
export type ColumnTypes = Readonly<Record<string, ListType>>;

type Element<Type extends ListType> = Parameters<typeof list<Type>>[1] extends Iterable<infer Value> ? Value : never;

export type RowOf<Columns extends ColumnTypes> = { readonly [Name in keyof Columns]: Element<Columns[Name]> };

/** `unnest(…) as t(…)`: rows as one parameter a column, for `from ${unnest(columns, rows)}`. */
export function unnest<Columns extends ColumnTypes>(columns: Columns, rows: readonly RowOf<Columns>[]): SQL {
  const names: (keyof Columns & string)[] = Object.keys(columns);
  const arrays = names.map((name) =>
    list(
      columns[name] as ListType,
      rows.map((row) => row[name] as Element<ListType>),
    ),
  );
  return sql`unnest(${sql.join(arrays, sql`, `)}) as t(${columnNames(columns)})`;
}

/** The same for a statement that is prepared: `namedColumns` gives the values. `prefix` keeps two tables of it apart. */
export function namedUnnest(columns: ColumnTypes, prefix: string): SQL {
  const arrays = Object.entries(columns).map(([name, type]) => namedList(type, `${prefix}.${name}`));
  return sql`unnest(${sql.join(arrays, sql`, `)}) as t(${columnNames(columns)})`;
}

export function namedColumns<Columns extends ColumnTypes>(
  columns: Columns,
  prefix: string,
  rows: readonly RowOf<Columns>[],
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(columns)) {
    values[`${prefix}.${name}`] = listValue(
      type,
      rows.map((row) => row[name]),
    );
  }
  return values;
}

/** The quoted column names, for the list of an INSERT and of its SELECT. */
export function columnNames(columns: ColumnTypes): SQL {
  return sql.raw(Object.keys(columns).map(columnName).join(', '));
}

/** `o."shop_id" as "shopId", …`: reads rows under their names in TypeScript. */
export function selection(columns: ColumnTypes, from: string): SQL {
  return sql.raw(
    Object.keys(columns)
      .map((name) => `${from}.${columnName(name)} as "${name}"`)
      .join(', '),
  );
}

/** `"a" = t."a", …` for UPDATE … FROM; `from` is the source's alias (`excluded` in an upsert). */
export function assignments(columns: ColumnTypes, except: readonly string[], from = 't'): SQL {
  const names = Object.keys(columns).filter((name) => !except.includes(name));
  return sql.raw(names.map((name) => `${columnName(name)} = ${from}.${columnName(name)}`).join(', '));
}

function columnName(name: string): string {
  return `"${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`;
}
