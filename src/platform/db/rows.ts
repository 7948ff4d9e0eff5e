import type { SQL } from 'drizzle-orm';
import { parseArray } from './array-text.ts';
import { safeInteger } from './columns.ts';
import type { AnyDb } from './context.ts';
import { parseInstant } from './instant.ts';
import { driverError } from './sql-error.ts';

type Field = { readonly name: string; readonly oid: number };
type Row = Record<string, unknown>;

/**
 * Runs raw SQL on either side and returns plain rows, the same on both drivers:
 *
 * | Postgres                       | here                                                           |
 * |--------------------------------|----------------------------------------------------------------|
 * | int2, int4, float8, `count(*)` | number                                                         |
 * | int8                           | number; a RangeError beyond 2^53 - 1                           |
 * | numeric, so also `sum(int8)`   | text: cast the sum `::int8` where a number is wanted           |
 * | timestamptz                    | Date (milliseconds); select `::text` for the key of a cursor   |
 * | date, time, interval           | text                                                           |
 * | json, jsonb                    | the value                                                      |
 * | bytea                          | Buffer                                                         |
 * | arrays of these                | arrays of these, elements may be null                          |
 *
 * Parameters may be strings, numbers, bigints, booleans, Dates, bytes, null, and plain objects for jsonb; arrays go
 * through `list`. `T` is the caller's word for what its SELECT returns. A failure is thrown as the driver's own error
 * (SQLSTATE in `code`), without drizzle's wrapper, whose message carries the parameters.
 */
export async function rows<T>(db: AnyDb, query: SQL): Promise<T[]> {
  const executor: { execute(query: SQL): PromiseLike<unknown> } = db;
  let result: unknown;
  try {
    result = await executor.execute(query);
  } catch (error) {
    throw driverError(error);
  }
  const { fields, found } = read(result);
  for (const { name, oid } of fields) {
    const convert = conversions[oid];
    if (convert === undefined) continue;
    for (const row of found) row[name] = row[name] === null ? null : convert(row[name]);
  }
  return found as T[];
}

/** The first row, or null. For queries that return at most one. */
export async function firstRow<T>(db: AnyDb, query: SQL): Promise<T | null> {
  const [first] = await rows<T>(db, query);
  return first ?? null;
}

type NodePgResult = { readonly rows: Row[]; readonly fields: readonly { name: string; dataTypeID: number }[] };
type PostgresJsResult = Row[] & { readonly columns?: readonly { name: string; type: number }[] };

function read(result: unknown): { fields: readonly Field[]; found: Row[] } {
  if (Array.isArray(result)) {
    const list = result as PostgresJsResult;
    return { fields: (list.columns ?? []).map(({ name, type }) => ({ name, oid: type })), found: [...list] };
  }
  const { fields, rows: found } = result as NodePgResult;
  return { fields: fields.map(({ name, dataTypeID }) => ({ name, oid: dataTypeID })), found };
}

const elements = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : parseArray(typeof value === 'string' ? value : '{}');

const each =
  (convert: (value: string) => unknown) =>
  (value: unknown): unknown[] =>
    elements(value).map((element) => (element === null ? null : convert(String(element))));

/** By type oid (`pg_type.dat`): the types on which the drivers, as drizzle sets them up, differ or give text. */
const conversions: Readonly<Record<number, (value: unknown) => unknown>> = {
  20: (value) => safeInteger(String(value)),
  1003: each(String),
  1016: each(safeInteger),
  1182: each(String),
  1184: (value) => parseInstant(String(value)),
  1185: each(parseInstant),
  1231: each(String),
};
