import { formatDecimal, parseDecimal, rescale, subtractDecimal, type Decimal } from './decimal.ts';
import { Fault } from './fault.ts';

/** An amount in minor units of its currency (cents, fen, yen). `minor` is a checked safe integer and may be negative. */
export type Money = { readonly minor: number; readonly currency: string };

/** Decimals of currencies that do not have two (ISO 4217, list one of 2024-06-25). */
const exponents: Readonly<Record<string, number>> = {
  BHD: 3,
  BIF: 0,
  CLF: 4,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  UYI: 0,
  UYW: 4,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};

const known = new Set([...Intl.supportedValuesOf('currency'), ...Object.keys(exponents)]);

/** Whether a text is an ISO 4217 code, in capitals. */
export function isCurrency(code: string): boolean {
  return known.has(code);
}

/** Checks an ISO 4217 code. Throws Fault `money.unknown_currency`, which names the code. */
export function currencyCode(code: string): string {
  if (!known.has(code)) {
    throw new Fault('invalid', 'money.unknown_currency', {
      message: `unknown currency ${code}`,
      data: { currency: code },
    });
  }
  return code;
}

export function currencyExponent(currency: string): number {
  return exponents[currencyCode(currency)] ?? 2;
}

/** Checks that an amount is a whole number of minor units that JS holds exactly. */
export function minorUnits(value: number, path = 'amount'): number {
  if (!Number.isSafeInteger(value)) {
    throw new Fault('invalid', 'money.unsafe', { message: `${path}: not a whole, exactly held number of minor units` });
  }
  return value === 0 ? 0 : value;
}

export function money(minor: number, currency: string): Money {
  return { minor: minorUnits(minor), currency: currencyCode(currency) };
}

/** Adds amounts of one currency; an empty list needs the currency, so it is always given. */
export function sumMoney(amounts: readonly Money[], currency: string): Money {
  let minor = 0;
  for (const amount of amounts) {
    if (amount.currency !== currency) {
      throw new Fault('invalid', 'money.currency_mismatch', { data: { expected: currency, found: amount.currency } });
    }
    minor = minorUnits(minor + amount.minor);
  }
  return money(minor, currency);
}

/**
 * Reads a channel's decimal amount. `amount` is rounded once, half away from zero; `residual` is what was rounded off, as
 * exact decimal text in major units ("0.00022"), so that source = amount + residual.
 */
export function moneyFromDecimal(text: string, currency: string): { amount: Money; residual: string } {
  const source = parseDecimal(text);
  const rounded = rescale(source, currencyExponent(currency));
  const minor = Number(rounded.units);
  return { amount: money(minor, currency), residual: formatDecimal(subtractDecimal(source, rounded)) };
}

/** Decimal text in major units: 1050 EUR → "10.50", 1050 JPY → "1050". */
export function moneyToDecimal(amount: Money): string {
  const value: Decimal = { units: BigInt(amount.minor), scale: currencyExponent(amount.currency) };
  return formatDecimal(value);
}

/**
 * The share of `totalMinor` that belongs to the first `part` of `whole` units, rounded down towards zero. Differences of
 * this cumulative share always sum to the whole, in any order and number of parts (DESIGN §4, partial refunds).
 */
export function cumulativeShare(totalMinor: number, part: number, whole: number): number {
  if (whole <= 0 || part < 0 || part > whole) {
    throw new Fault('invalid', 'money.bad_share', { data: { part, whole } });
  }
  return Number((BigInt(minorUnits(totalMinor)) * BigInt(part)) / BigInt(whole));
}

/** Splits an amount in proportion to whole, non-negative weights; the parts sum to it exactly. All-zero weights split evenly. */
export function splitMinor(totalMinor: number, weights: readonly number[]): number[] {
  if (weights.length === 0) throw new Fault('invalid', 'money.no_weights');
  const even = weights.every((weight) => weight === 0);
  const used = even ? weights.map(() => 1n) : weights.map((weight) => BigInt(minorUnits(weight)));
  if (used.some((weight) => weight < 0n)) throw new Fault('invalid', 'money.negative_weight');
  const whole = used.reduce((sum, weight) => sum + weight, 0n);
  const total = BigInt(minorUnits(totalMinor));
  let before = 0n;
  let upTo = 0n;
  return used.map((weight) => {
    upTo += weight;
    const share = (total * upTo) / whole;
    const part = share - before;
    before = share;
    return Number(part);
  });
}
