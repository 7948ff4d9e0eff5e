import { parse, stringify } from 'lossless-json';

/**
 * JSON without loss: numbers that JS holds exactly become numbers; every other (19-digit ids, 92.86522, 24.990) stays the
 * text it was written as. Throws SyntaxError.
 */
export function parseLossless(text: string): unknown {
  return parse(text, undefined, { parseNumber: (number) => toExact(number) });
}

function toExact(text: string): number | string {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  return text;
}

/** JSON text of a value that `parseLossless` made. Digits kept as text are written as strings. */
export function stringifyLossless(value: unknown): string {
  const text = stringify(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}
