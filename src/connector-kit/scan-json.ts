import { isExact } from './json-number.ts';
import type { Envelope } from './envelope.ts';

export type Scalar = string | number | boolean | null;

type Scan = {
  readonly text: string;
  at: number;
  /** Begin and end of each number that stays text, one after the other. */
  readonly inexact: number[];
};
type Found = { [name: string]: Scalar };

/** Deeper than any document of a channel, and than what could exhaust the stack. */
const depthMax = 64;
const keysMax = 200;
/** Control characters, escapes, and halves of characters, which may stand alone. */
const notPlain = /[^ -[\]-\ud7ff\ue000-\uffff]/;

/**
 * Reads an envelope in one pass over its characters. Null for what needs the long way, JSON or not: white space between
 * tokens, an escape, a key that stands twice or that means something to JavaScript, too many of them, or too deep.
 */
export function scanJson(text: string, member: string): Envelope | null {
  if (notPlain.test(text)) return null;
  const scan: Scan = { text, at: 0, inexact: [] };
  const scalars: Found = {};
  let document: Envelope['document'] = null;
  const isWhole = scanObject(scan, 1, (name, start) => {
    if (name !== member || text.charCodeAt(start) !== openBrace) return keepScalar(scan, scalars, name);
    const within: Found = {};
    const first = scan.inexact.length;
    if (!scanObject(scan, 2, (inner) => keepScalar(scan, within, inner))) return false;
    document = { scalars: within, text: quoteInexact(scan, start, first) };
    return true;
  });
  return isWhole && scan.at === text.length ? { scalars, document } : null;
}

const [quote, plus, comma, minus, dot, zero, nine, colon] = [34, 43, 44, 45, 46, 48, 57, 58] as const;
const [openBracket, closeBracket, openBrace, closeBrace] = [91, 93, 123, 125] as const;

type OnMember = (name: string, start: number) => boolean;

/** `onMember` scans what comes after a key; without it nobody is told of any. */
function scanObject(scan: Scan, depth: number, onMember: OnMember | null): boolean {
  const { text } = scan;
  if (depth > depthMax || text.charCodeAt(scan.at) !== openBrace) return false;
  if (text.charCodeAt((scan.at += 1)) === closeBrace) return Boolean((scan.at += 1));
  const keys: number[] = [];
  for (;;) {
    const start = scan.at + 1;
    if (!scanString(scan) || isOdd(text, start, scan.at - 1, keys) || text.charCodeAt(scan.at) !== colon) return false;
    const end = scan.at - 1;
    scan.at += 1;
    const isScanned = onMember === null ? scanValue(scan, depth + 1) : onMember(text.slice(start, end), scan.at);
    if (!isScanned) return false;
    const next = text.charCodeAt(scan.at);
    scan.at += 1;
    if (next === closeBrace) return true;
    if (next !== comma) return false;
  }
}

/** A key that is there already, that JavaScript would move to the front, or `__proto__`. `keys` holds begins and ends. */
function isOdd(text: string, start: number, end: number, keys: number[]): boolean {
  const first = text.charCodeAt(start);
  if (isDigit(first) || keys.length >= keysMax * 2 || text.startsWith('__proto__"', start)) return true;
  for (let index = 0; index < keys.length; index += 2) {
    const [from = 0, to = 0] = [keys[index], keys[index + 1]];
    if (to - from !== end - start || text.charCodeAt(from) !== first) continue;
    if (text.slice(from, to) === text.slice(start, end)) return true;
  }
  keys.push(start, end);
  return false;
}

function scanArray(scan: Scan, depth: number): boolean {
  const { text } = scan;
  if (depth > depthMax) return false;
  if (text.charCodeAt((scan.at += 1)) === closeBracket) return Boolean((scan.at += 1));
  for (;;) {
    if (!scanValue(scan, depth + 1)) return false;
    const next = text.charCodeAt(scan.at);
    scan.at += 1;
    if (next === closeBracket) return true;
    if (next !== comma) return false;
  }
}

function scanValue(scan: Scan, depth: number): boolean {
  switch (scan.text.charCodeAt(scan.at)) {
    case openBrace:
      return scanObject(scan, depth, null);
    case openBracket:
      return scanArray(scan, depth);
    case quote:
      return scanString(scan);
    default:
      return scanWord(scan) !== undefined;
  }
}

function scanString(scan: Scan): boolean {
  if (scan.text.charCodeAt(scan.at) !== quote) return false;
  scan.at = scan.text.indexOf('"', scan.at + 1) + 1;
  return scan.at > 0;
}

/** A number, or one of the three words; undefined for anything else. */
function scanWord(scan: Scan): Scalar | undefined {
  const { text, at } = scan;
  const first = text.charCodeAt(at);
  if (first === minus || isDigit(first)) return scanNumber(scan);
  for (const [word, value] of words) {
    if (!text.startsWith(word, at)) continue;
    scan.at += word.length;
    return value;
  }
  return undefined;
}

const words = [
  ['null', null],
  ['true', true],
  ['false', false],
] as const;

function scanNumber(scan: Scan): Scalar | undefined {
  const { text, at: start } = scan;
  const end = endOfNumber(text, start);
  const digits = text.slice(start, end ?? start);
  // JavaScript writes -0 as 0.
  if (end === null || digits === '-0') return undefined;
  scan.at = end;
  if (isExact(digits)) return Number(digits);
  scan.inexact.push(start, end);
  return digits;
}

/** RFC 8259, section 6. Null where it is none. */
function endOfNumber(text: string, start: number): number | null {
  const whole = text.charCodeAt(start) === minus ? start + 1 : start;
  let end = endOfDigits(text, whole);
  const hasLeadingZero = text.charCodeAt(whole) === zero && end > whole + 1;
  if (end === whole || hasLeadingZero) return null;
  if (text.charCodeAt(end) === dot) {
    const fraction = end + 1;
    end = endOfDigits(text, fraction);
    if (end === fraction) return null;
  }
  return isExponent(text.charCodeAt(end)) ? endOfExponent(text, end + 1) : end;
}

function endOfExponent(text: string, start: number): number | null {
  const sign = text.charCodeAt(start);
  const exponent = sign === plus || sign === minus ? start + 1 : start;
  const end = endOfDigits(text, exponent);
  return end === exponent ? null : end;
}

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

const isDigit = (code: number): boolean => code >= zero && code <= nine;
const isExponent = (code: number): boolean => code === 101 || code === 69;

function keepScalar(scan: Scan, found: Found, name: string): boolean {
  const { text, at: start } = scan;
  const first = text.charCodeAt(start);
  if (first === openBrace || first === openBracket) return scanValue(scan, 3);
  if (first !== quote) {
    const value = scanWord(scan);
    if (value === undefined) return false;
    found[name] = value;
    return true;
  }
  if (!scanString(scan)) return false;
  found[name] = text.slice(start + 1, scan.at - 1);
  return true;
}

/** From `start` to where the scan stands, with what would be rounded in quotes. */
function quoteInexact({ text, at: end, inexact }: Scan, start: number, first: number): string {
  let quoted = '';
  let copied = start;
  for (let index = first; index < inexact.length; index += 2) {
    const [from = 0, to = 0] = [inexact[index], inexact[index + 1]];
    quoted += `${text.slice(copied, from)}"${text.slice(from, to)}"`;
    copied = to;
  }
  return quoted + text.slice(copied, end);
}
