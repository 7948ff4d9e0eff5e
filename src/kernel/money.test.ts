import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { tellFigure } from '../../test/support/figures.ts';
import { formatDecimal, parseDecimal, rescale } from './decimal.ts';
import {
  cumulativeShare,
  currencyExponent,
  minorUnits,
  money,
  moneyFromDecimal,
  moneyToDecimal,
  splitMinor,
  sumMoney,
} from './money.ts';

const currencies = ['JPY', 'EUR', 'KWD'] as const;
let cases = 0;

/** Tries the property so many times; counts what really ran. */
function assertCases<Args extends [unknown, ...unknown[]]>(property: fc.IProperty<Args>, numRuns: number): void {
  const outcome = fc.check(property, { numRuns });
  cases += outcome.numRuns;
  if (outcome.failed) throw new Error(fc.defaultReportMessage(outcome));
}

afterAll(() => tellFigure('money: split, cumulative shares, decimals', `${cases} cases, 0 differences`));
const amount = fc.maxSafeInteger();
const weights = fc.array(fc.oneof(fc.nat(5), fc.nat(1_000_000)), { minLength: 1, maxLength: 12 });

/** Whole-number rounding may move each part by less than one minor unit from its exact share. */
function isWithinOne(part: number, total: number, weight: number, whole: number): boolean {
  const error = BigInt(part) * BigInt(whole) - BigInt(total) * BigInt(weight);
  return error < BigInt(whole) && error > -BigInt(whole);
}

describe('splitting', () => {
  test('the parts sum to the whole, to the minor unit', () => {
    const property = fc.property(amount, weights, (total, shares) => {
      const sum = splitMinor(total, shares).reduce((parts, part) => parts + BigInt(part), 0n);
      expect(sum).toBe(BigInt(total));
    });
    assertCases(property, 5_000);
  });

  test('each part is within one minor unit of its exact share and never of the other sign', () => {
    const property = fc.property(amount, weights, (total, shares) => {
      const whole = shares.reduce((sum, weight) => sum + weight, 0);
      fc.pre(whole > 0);
      for (const [at, part] of splitMinor(total, shares).entries()) {
        expect(isWithinOne(part, total, shares[at] ?? 0, whole)).toBe(true);
        expect(part === 0 || part > 0 === total > 0).toBe(true);
      }
    });
    assertCases(property, 3_000);
  });

  test('a part without weight gets nothing unless no part has any', () => {
    expect(splitMinor(100, [1, 0, 1])).toEqual([50, 0, 50]);
    expect(splitMinor(100, [0, 0, 0])).toEqual([33, 33, 34]);
  });

  test('splitting a negative amount mirrors splitting the positive one', () => {
    const property = fc.property(amount, weights, (total, shares) => {
      expect(splitMinor(-total, shares)).toEqual(splitMinor(total, shares).map((part) => (part === 0 ? 0 : -part)));
    });
    assertCases(property, 2_000);
  });

  test.each([
    ['no weights', [], 'money.no_weights'],
    ['a negative weight', [1, -1], 'money.negative_weight'],
    ['a broken weight', [0.5], 'money.unsafe'],
  ])('%s is refused', (_title, bad, code) => {
    expect(() => splitMinor(1, bad)).toThrow(expect.objectContaining({ kind: 'invalid', code }));
  });
});

describe('cumulative shares', () => {
  /** A way to take `whole` units in some number of parts: the units of each part, in the order they are taken. */
  const takings = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 10 });

  function take(total: number, parts: readonly number[]): bigint[] {
    const whole = parts.reduce((sum, part) => sum + part, 0);
    let taken = 0;
    return parts.map((part) => {
      const before = BigInt(cumulativeShare(total, taken, whole));
      taken += part;
      return BigInt(cumulativeShare(total, taken, whole)) - before;
    });
  }

  const sumOf = (shares: readonly bigint[]): bigint => shares.reduce((sum, share) => sum + share, 0n);

  test('their differences sum to the whole, in any order and number of parts', () => {
    const shuffled = takings.chain((parts) =>
      fc.tuple(fc.constant(parts), fc.shuffledSubarray(parts, { minLength: parts.length })),
    );
    const property = fc.property(amount, shuffled, (total, [parts, reordered]) => {
      fc.pre(parts.some((part) => part > 0));
      expect(sumOf(take(total, parts))).toBe(BigInt(total));
      expect(sumOf(take(total, reordered))).toBe(BigInt(total));
    });
    assertCases(property, 4_000);
  });

  test('what has been given after n units depends on n only, not on the parts it came in', () => {
    const property = fc.property(amount, takings, fc.nat(), (total, parts, seed) => {
      const whole = parts.reduce((sum, part) => sum + part, 0);
      fc.pre(whole > 0);
      const cut = seed % (parts.length + 1);
      const units = parts.slice(0, cut).reduce((sum, part) => sum + part, 0);
      expect(sumOf(take(total, parts).slice(0, cut))).toBe(BigInt(cumulativeShare(total, units, whole)));
    });
    assertCases(property, 2_000);
  });

  test.each([
    [1, 0],
    [-1, 5],
    [6, 5],
    [0, -5],
  ])('%i of %i units is refused', (part, whole) => {
    expect(() => cumulativeShare(100, part, whole)).toThrow(expect.objectContaining({ code: 'money.bad_share' }));
  });
});

describe('decimal amounts', () => {
  test.each(currencies)('in %s an amount survives being written and read', (currency) => {
    const property = fc.property(amount, (minor) => {
      expect(moneyFromDecimal(moneyToDecimal(money(minor, currency)), currency)).toEqual({
        amount: money(minor, currency),
        residual: formatDecimal({ units: 0n, scale: currencyExponent(currency) }),
      });
    });
    assertCases(property, 700);
  });

  test.each(currencies)('in %s the amount and its residual sum to the source', (currency) => {
    const source = fc.record({ units: fc.bigInt(-(10n ** 12n), 10n ** 12n), scale: fc.integer({ min: 0, max: 8 }) });
    const property = fc.property(source, (decimal) => {
      const { amount: rounded, residual } = moneyFromDecimal(formatDecimal(decimal), currency);
      const rest = parseDecimal(residual);
      const scale = Math.max(rest.scale, decimal.scale, currencyExponent(currency));
      const back = rescale({ units: BigInt(rounded.minor), scale: currencyExponent(currency) }, scale).units;
      expect(back + rescale(rest, scale).units).toBe(rescale(decimal, scale).units);
      const restMinor = rescale(rest, scale).units * 2n;
      expect(restMinor <= 10n ** BigInt(scale - currencyExponent(currency))).toBe(true);
    });
    assertCases(property, 700);
  });

  test.each([
    ['24.99', 'EUR', 2499, '0.00'],
    ['92.86522', 'EUR', 9287, '-0.00478'],
    ['0.005', 'EUR', 1, '-0.005'],
    ['-0.005', 'EUR', -1, '0.005'],
    ['1050', 'JPY', 1050, '0'],
    ['1.2345', 'KWD', 1235, '-0.0005'],
    ['1e-7', 'EUR', 0, '0.0000001'],
    ['2e3', 'EUR', 200_000, '0.00'],
  ])('%s %s is %i minor units and the residual %s', (text, currency, minor, residual) => {
    expect(moneyFromDecimal(text, currency)).toEqual({ amount: { minor, currency }, residual });
  });

  test('an amount beyond what JS holds exactly is refused', () => {
    expect(() => moneyFromDecimal('90071992547409.92', 'EUR')).toThrow(
      expect.objectContaining({ code: 'money.unsafe' }),
    );
    expect(moneyFromDecimal('90071992547409.91', 'EUR').amount.minor).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('amounts', () => {
  test('a sum does not depend on the order and never mixes currencies', () => {
    const list = fc.array(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), { maxLength: 20 });
    const property = fc.property(list, (minors) => {
      const amounts = minors.map((minor) => money(minor, 'EUR'));
      expect(sumMoney(amounts, 'EUR')).toEqual(sumMoney(amounts.toReversed(), 'EUR'));
      expect(sumMoney(amounts, 'EUR').minor).toBe(minors.reduce((sum, minor) => sum + minor, 0));
    });
    assertCases(property, 500);
    expect(() => sumMoney([money(1, 'USD')], 'EUR')).toThrow(
      expect.objectContaining({ code: 'money.currency_mismatch' }),
    );
  });

  test.each([0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d minor units are refused', (value) => {
    expect(() => minorUnits(value)).toThrow(expect.objectContaining({ code: 'money.unsafe' }));
  });

  test('minus zero is zero', () => {
    expect(Object.is(money(-0, 'EUR').minor, 0)).toBe(true);
  });

  test.each(['EURO', 'eur', '', 'constructor', '__proto__'])('the currency %j is refused', (code) => {
    expect(() => money(1, code)).toThrow(expect.objectContaining({ code: 'money.unknown_currency' }));
  });
});
