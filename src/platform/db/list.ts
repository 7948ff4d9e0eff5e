import { sql, type SQL } from 'drizzle-orm';
import { formatArray } from './array-text.ts';
import { bytesArray, type BytesArray } from './bytes-array.ts';

type Elements = {
  text: string;
  uuid: string;
  int4: number;
  int8: number | bigint;
  numeric: string | number;
  bool: boolean;
  timestamptz: Date | string;
  date: string;
  jsonb: unknown;
  bytea: Uint8Array;
};

export type ListType = keyof Elements;

/**
 * An array parameter that means the same on both drivers, for `= ANY(${list('uuid', ids)})` and
 * `unnest(${list('uuid', ids)}, ${list('int8', quantities)}) AS t(id, quantity)`.
 *
 * It is one parameter, written as a Postgres array and cast to `type[]`; drizzle would spread a bare array
 * into `($1, $2, …)`. A null (or undefined) element is SQL NULL, also for `jsonb`. Dates are written with milliseconds.
 * Throws a RangeError for a number that is not a safe integer in an integer list.
 */
export function list<Type extends ListType>(
  type: Type,
  values: Iterable<Elements[Type] | null | undefined>,
): SQL<unknown> {
  return sql`${arrayParameter(type, [...values])}::${sql.raw(type)}[]`;
}

/** The same by a name, whose value is given later by `listValue`: for a statement that is prepared. */
export function namedList(type: ListType, name: string): SQL<unknown> {
  return sql`${sql.placeholder(name)}::${sql.raw(type)}[]`;
}

export function listValue(type: ListType, values: readonly unknown[]): unknown {
  return arrayParameter(type, values);
}

function arrayParameter(type: ListType, values: readonly unknown[]): string | BytesArray {
  if (type === 'bytea') return bytesArray(values.map((value) => (value instanceof Uint8Array ? value : null)));
  return formatArray(values.map((value) => (value === null || value === undefined ? null : elementText(type, value))));
}

function elementText(type: ListType, value: unknown): string {
  if (type === 'jsonb') return JSON.stringify(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number' && type !== 'numeric' && !Number.isSafeInteger(value)) {
    throw new RangeError(`${value} is not a whole number that ${type} and JavaScript both hold exactly`);
  }
  return String(value);
}
