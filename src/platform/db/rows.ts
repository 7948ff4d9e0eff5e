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
  return rowsOf<T>(result);
}

/** The rows of what a driver answered, as `rows` tells them. */
export function rowsOf<T>(result: unknown): T[] {
  const { fields, found } = read(result);
  for (const { name, oid } of fields) {
    const convert = conversionOf(oid);
    if (convert === null) continue;
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

/** By oid (`pg_type.dat`): scalars that the drivers, as drizzle sets them up, hand over as text. */
const scalars: Readonly<Record<number, (text: string) => unknown>> = {
  20: safeInteger,
  1184: parseInstant,
};

/**
 * By oid, the elements of arrays. postgres.js is told to leave arrays alone (its own parser reads a NULL element as text),
 * `pg` parses most of them itself but leaves int8 elements as text.
 */
const elements: Readonly<Record<number, (text: string) => unknown>> = {
  199: (text) => JSON.parse(text),
  1000: (text) => text === 't',
  1001: (text) => Buffer.from(text.slice(2), 'hex'),
  1003: String,
  1005: Number,
  1007: Number,
  1009: String,
  1015: String,
  1016: safeInteger,
  1022: Number,
  1182: String,
  1185: parseInstant,
  1231: String,
  2951: String,
  3807: (text) => JSON.parse(text),
};

const int8Array = 1016;

function conversionOf(oid: number): ((value: unknown) => unknown) | null {
  const scalar = scalars[oid];
  if (scalar !== undefined) return (value) => scalar(String(value));
  const element = elements[oid];
  if (element === undefined) return null;
  return (value) => {
    if (typeof value === 'string') return parseArray(value).map((text) => (text === null ? null : element(text)));
    if (oid !== int8Array || !Array.isArray(value)) return value;
    return value.map((text: unknown) => (text === null ? null : safeInteger(String(text))));
  };
}
