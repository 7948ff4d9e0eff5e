import { invalidField, moneyFromDecimal, parseDecimal } from '../../kernel/index.ts';

/** Reads words that people type. Each throws Fault `input.invalid`, which names the option. */

/** `key=value`; the value may hold further `=`. */
export function parsePair(text: string, option: string): readonly [key: string, value: string] {
  const at = text.indexOf('=');
  if (at <= 0) throw invalidField(option, 'input.not_a_pair', `"${text}" is not of the form key=value`);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** `CODE` or `CODE:rank`; without a rank, its place in the list. */
export function parseRanked(
  text: string,
  place: number,
  option: string,
): { readonly code: string; readonly rank: number } {
  const match = /^(.+?)(?::(\d{1,4}))?$/.exec(text.trim());
  if (match?.[1] === undefined) throw invalidField(option, 'input.empty', 'names no warehouse');
  return { code: match[1], rank: match[2] === undefined ? place : Number(match[2]) };
}

/** Whole units, at least 1. */
export function parseCount(text: string, option: string): number {
  const count = parseWhole(text, option);
  if (count < 1) throw invalidField(option, 'quantity.not_positive', 'must be at least 1');
  return count;
}

/** A whole number, its sign too: `12`, `-3`, `+3`. */
export function parseWhole(text: string, option: string): number {
  if (!/^[+-]?\d{1,9}$/.test(text.trim()))
    throw invalidField(option, 'input.not_whole', `"${text}" is not a whole number`);
  return Number(text) + 0;
}

/** An amount in major units (`12.34`) in minor units of the currency; digits beyond its decimals are refused. */
export function parseAmount(text: string, currency: string, option = '--amount'): number {
  const { amount, residual } = moneyFromDecimal(text, currency);
  if (parseDecimal(residual).units !== 0n) {
    throw invalidField(option, 'money.too_many_decimals', `${currency} does not have that many decimals`);
  }
  return amount.minor;
}

/** A day (`2026-11-01`, midnight UTC) or an instant with its offset. */
export function parseTime(text: string, option: string): Date {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isInstant = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text);
  const time = new Date(isDay ? `${text}T00:00:00Z` : text);
  if ((isDay || isInstant) && !Number.isNaN(time.getTime())) return time;
  throw invalidField(
    option,
    'input.not_a_time',
    `"${text}" is neither a day (2026-11-01) nor an instant with an offset`,
  );
}

/** One of the words there are. */
export function parseChoice<const Choice extends string>(
  text: string,
  choices: readonly Choice[],
  option: string,
): Choice {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw invalidField(option, 'input.unknown_word', `"${text}" is none of ${choices.join(', ')}`);
}
