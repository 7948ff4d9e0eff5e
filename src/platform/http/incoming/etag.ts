import type { Context } from 'hono';
import { Fault, invalidField } from '../../../kernel/index.ts';

/** A strong entity tag from a row's version. */
export function etag(version: number | string): string {
  return `"${version}"`;
}

/**
 * The version that the caller edits, from `If-Match`; null when it sent none (or `*`). Throws Fault `etag.malformed`.
 */
function ifMatch(c: Context): string | null {
  const header = c.req.header('if-match')?.trim();
  if (header === undefined || header === '*') return null;
  const version = /^"([\x21\x23-\x7e]{1,100})"$/.exec(header)?.[1];
  if (version === undefined) throw invalidField('If-Match', 'etag.malformed', 'is one strong entity tag');
  return version;
}

/** Throws Fault `etag.mismatch` (412) when the caller edits another version than the present one. */
export function checkIfMatch(c: Context, version: number | string): void {
  const wanted = ifMatch(c);
  if (wanted !== null && wanted !== String(version)) {
    throw new Fault('precondition_failed', 'etag.mismatch', { data: { version: String(version) } });
  }
}
