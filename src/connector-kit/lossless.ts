import { parse } from 'lossless-json';
import { isExact, isNumber } from './json-number.ts';

/**
 * JSON without loss: numbers that JS holds exactly become numbers; every other (19-digit ids, 92.86522, 24.990) stays the
 * text it was written as. Throws SyntaxError, also for a key that stands twice with different values.
 */
export function parseLossless(text: string): unknown {
  const native = parseNatively(text);
  return native === null ? parse(text, undefined, { parseNumber: toExact }) : native.value;
}

/** JSON text of a value that `parseLossless` made. Digits kept as text are written as strings. */
export function stringifyLossless(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

function toExact(text: string): number | string {
  return isExact(text) ? Number(text) : text;
}

/**
 * The same by the engine's own parser: numbers that it would round are put in quotes first. Null where that could differ from
 * the slow way: what is not JSON, and a key that stands twice.
 */
function parseNatively(text: string): { readonly value: unknown } | null {
  const quoted = quoteInexact(text);
  if (quoted === null) return null;
  try {
    const value: unknown = JSON.parse(quoted.text);
    return countKeys(value) === quoted.colons ? { value } : null;
  } catch {
    return null;
  }
}

/** Outside of strings: puts inexact numbers in quotes, never one that stands for a key, and counts colons. Null: a string has no end. */
function quoteInexact(text: string): { readonly text: string; readonly colons: number } | null {
  let quoted = '';
  let colons = 0;
  let copied = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at);
      if (at === -1) return null;
    } else if (code === minus || (code >= zero && code <= nine)) {
      const end = endOfNumber(text, at);
      const found = text.slice(at, end);
      if (!isExact(found) && isNumber(found) && !isBeforeColon(text, end)) {
        quoted += `${text.slice(copied, at)}"${found}"`;
        copied = end;
      }
      at = end;
    } else {
      if (code === colon) colons += 1;
      at += 1;
    }
  }
  return { text: copied === 0 ? text : quoted + text.slice(copied), colons };
}

const [space, quote, minus, zero, nine, colon, backslash] = [32, 34, 45, 48, 57, 58, 92] as const;

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text.charCodeAt(first - 1) === backslash) first -= 1;
    if ((end - first) % 2 === 0) return end + 1;
  }
  return -1;
}

/** Of the characters that a number may have: whether it is one is for `number` to say. */
function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (isOfNumber(text.charCodeAt(end))) end += 1;
  return end;
}

function isOfNumber(code: number): boolean {
  return (code >= zero && code <= nine) || code === 46 || code === 101 || code === 69 || code === 43 || code === minus;
}

function isBeforeColon(text: string, end: number): boolean {
  let next = end;
  while (text.charCodeAt(next) <= space) next += 1;
  return text.charCodeAt(next) === colon;
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countKeys(item);
    return count;
  }
  for (const item of Object.values(value)) count += 1 + countKeys(item);
  return count;
}
