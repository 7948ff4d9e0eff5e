import { DrizzleQueryError } from 'drizzle-orm';
import { Fault } from '../../kernel/index.ts';

/** Takes drizzle's wrapper off: its message carries the statement and every parameter, which belong in no log. */
export function driverError(error: unknown): unknown {
  return error instanceof DrizzleQueryError && error.cause !== undefined ? error.cause : error;
}

/** The SQLSTATE of a failed statement (`'23505'`), or null where the error is not the database's. */
export function sqlState(error: unknown): string | null {
  const code = property(driverError(error), 'code');
  return code !== null && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

/** The constraint that a failed statement names, or null. Both drivers carry it, under different names. */
export function constraintName(error: unknown): string | null {
  const inner = driverError(error);
  return property(inner, 'constraint') ?? property(inner, 'constraint_name');
}

/** The column (`skuId`) of a failed statement whose value names a row that is not there; null where that is not why. */
export function unknownReference(error: unknown): string | null {
  const inner = driverError(error);
  if (sqlState(inner) !== '23503') return null;
  const column = /^Key \((?:.*, )?(\w+)\)=\(.*\) is not present in table/s.exec(property(inner, 'detail') ?? '')?.[1];
  return column?.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) ?? null;
}

const contention = new Set(['40001', '40P01', '55P03']);

/** Serialisation failure, deadlock, lock not available: the whole transaction may be tried again, unchanged. */
export function isContention(error: unknown): boolean {
  return contention.has(sqlState(error) ?? '');
}

const lostCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);
const lostCodesPostgresJs = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'CONNECTION_ENDED',
]);
const lostMessages =
  /connection terminated|not queryable|timeout exceeded when trying to connect|connection error|client was closed/i;

/** The connection is gone or could not be had. Class 08, the server going down (57P0x), idle in transaction (25P03). */
export function isConnectionLost(error: unknown): boolean {
  const inner = driverError(error);
  const code = property(inner, 'code') ?? '';
  return (
    /^(08...|57P0[1-5]|25P03|25P04)$/.test(code) ||
    lostCodes.has(code) ||
    lostCodesPostgresJs.has(code) ||
    (inner instanceof Error && lostMessages.test(inner.message))
  );
}

/**
 * The trouble is the database's (contention, a lost connection, a full disk or memory, a broken file: classes 53 and 58), so no
 * record of a batch is to blame for it: the batch fails as a whole and is tried again.
 */
export function isServersTrouble(error: unknown): boolean {
  return isContention(error) || isConnectionLost(error) || /^5[38]/.test(sqlState(error) ?? '');
}

/**
 * What a caller of `transact` or `read` gets: Faults pass; contention that outlived its retries, a lost connection, a
 * statement over its time and a full server become `unavailable`; everything else is thrown as the driver threw it.
 */
export function toFault(error: unknown): unknown {
  if (error instanceof Fault) return error;
  const cause = driverError(error);
  const state = sqlState(cause);
  if (isContention(cause)) return unavailable('database.contended', cause);
  if (isConnectionLost(cause)) return unavailable('database.unreachable', cause);
  if (state === '57014') return unavailable('database.statement_timeout', cause);
  if (state?.startsWith('53')) return unavailable('database.out_of_resources', cause);
  return cause;
}

/** No id or number, out of its range, no time, no time there is, a character that no text can hold. */
const malformed = new Set(['22P02', '22003', '22007', '22008', '22021']);

/** As `toFault`, for reads: what is malformed came from the caller (a cursor made up by hand). */
export function toReadFault(error: unknown): unknown {
  if (!malformed.has(sqlState(error) ?? '')) return toFault(error);
  return new Fault('invalid', 'input.malformed', {
    message: 'a cursor or a filter of the request has the wrong form',
    cause: driverError(error),
  });
}

function unavailable(code: string, cause: unknown): Fault {
  return new Fault('unavailable', code, { cause, retryAfterMs: 1_000 });
}

function property(error: unknown, name: string): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : null;
}
