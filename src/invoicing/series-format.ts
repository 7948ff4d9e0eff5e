import { invalidField } from '../kernel/index.ts';

export type Restarts = 'yearly' | 'never';

const numberToken = /\{number(?::(\d{1,2}))?\}/g;
const plainText = /^[\p{Script=Han}A-Za-z0-9/_. -]*$/u;
const formatLengthMax = 40;
const digitsMax = 12;

/** `INV-{year}-{number:6}`: the number once, with leading zeros; the year where the series restarts with it. */
export function checkSeriesFormat(format: string, restarts: Restarts): string {
  const numbers = [...format.matchAll(numberToken)];
  const rest = format.replaceAll(numberToken, '').replaceAll('{year}', '');
  const refuse = (code: string, message: string): never => {
    throw invalidField('format', code, message);
  };
  if (numbers.length !== 1) refuse('invoice_series.number_once', 'must name {number} or {number:6} once');
  if (Number(numbers[0]?.[1] ?? 1) > digitsMax)
    refuse('invoice_series.too_many_digits', `has over ${digitsMax} digits`);
  if (restarts === 'yearly' && !format.includes('{year}')) {
    refuse('invoice_series.year_missing', 'must name {year}: the numbers start again with each');
  }
  if (!plainText.test(rest)) refuse('invoice_series.characters', 'has letters, digits and / _ . - beside its tokens');
  if (format.length > formatLengthMax) refuse('invoice_series.too_long', `has over ${formatLengthMax} characters`);
  return format;
}

export function formatSerial(format: string, year: number, serial: number): string {
  return format
    .replaceAll('{year}', String(year))
    .replaceAll(numberToken, (_token, digits: string | undefined) => String(serial).padStart(Number(digits ?? 1), '0'));
}
