import { customType } from 'drizzle-orm/pg-core';
import { parseInstant } from './instant.ts';

/**
 * Text compared byte by byte (`COLLATE "C"`): keys, codes, ids from outside. Locks are taken in key order, so the order
 * must be the same in Postgres and in TypeScript and must not change with an operating system's collation.
 */
export const keyText = customType<{ data: string; driverData: string }>({
  dataType: () => 'text COLLATE "C"',
});

/**
 * An instant, `timestamptz(3)`: milliseconds, as a Date keeps them, so that a value read and written back is the same
 * value. Postgres's text, which drizzle asks both drivers for, is read as UTC.
 */
export const at = customType<{ data: Date; driverData: Date | string }>({
  dataType: () => 'timestamp(3) with time zone',
  fromDriver: (value) => (value instanceof Date ? value : parseInstant(value)),
  toDriver: (value) => value.toISOString(),
});

/** Raw bytes (`bytea`). Reading gives a Buffer. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
});

/** `bigint` as a JavaScript number; a value beyond 2^53 - 1 is an error of the reader, never a rounded number. */
export const int8 = customType<{ data: number; driverData: number | string }>({
  dataType: () => 'bigint',
  fromDriver: (value) => safeInteger(value),
});

/** Reads an int8 as a number. Throws a RangeError where a number cannot hold it exactly. */
export function safeInteger(value: number | string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`int8 ${value} does not fit a JavaScript number`);
  return number;
}
