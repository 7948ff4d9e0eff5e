import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { divideHalfUp, formatDecimal, parseDecimal, rescale, subtractDecimal } from './decimal.ts';

const decimal = fc.record({ units: fc.bigInt(-(10n ** 30n), 10n ** 30n), scale: fc.integer({ min: 0, max: 12 }) });

test('a decimal survives being written and read, its trailing zeros too', () => {
  fc.assert(
    fc.property(decimal, (value) => {
      expect(parseDecimal(formatDecimal(value))).toEqual(value);
    }),
    { numRuns: 2_000 },
  );
});

test('widening a scale loses nothing', () => {
  const property = fc.property(decimal, fc.nat(10), (value, more) => {
    expect(rescale(rescale(value, value.scale + more), value.scale)).toEqual(value);
  });
  fc.assert(property, { numRuns: 1_000 });
});

test('narrowing a scale moves the value by at most half of the last digit', () => {
  const property = fc.property(decimal, fc.nat(12), (value, less) => {
    fc.pre(less <= value.scale);
    const step = 10n ** BigInt(less);
    const moved = (rescale(value, value.scale - less).units * step - value.units) * 2n;
    expect(moved <= step && moved >= -step).toBe(true);
  });
  fc.assert(property, { numRuns: 1_000 });
});

test('rounding is symmetric around zero', () => {
  const property = fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), (dividend, divisor) => {
    expect(divideHalfUp(-dividend, divisor)).toBe(-divideHalfUp(dividend, divisor));
  });
  fc.assert(property, { numRuns: 1_000 });
});

test.each([
  [5n, 2n, 3n],
  [-5n, 2n, -3n],
  [4n, 3n, 1n],
  [5n, 3n, 2n],
  [1n, 2n, 1n],
  [0n, 7n, 0n],
])('%d / %d is %d, halves away from zero', (dividend, divisor, quotient) => {
  expect(divideHalfUp(dividend, divisor)).toBe(quotient);
});

test('a difference is exact whatever the scales', () => {
  const property = fc.property(decimal, decimal, (a, b) => {
    const difference = subtractDecimal(a, b);
    const scale = difference.scale;
    expect(difference.units + rescale(b, scale).units).toBe(rescale(a, scale).units);
  });
  fc.assert(property, { numRuns: 1_000 });
});

describe('reading', () => {
  test.each([
    ['24.99', '24.99'],
    [' 24.990 ', '24.990'],
    ['+7', '7'],
    ['-0.5', '-0.5'],
    ['1e-7', '0.0000001'],
    ['1.5E3', '1500'],
    ['5.', '5'],
    ['-0', '0'],
    ['12345678901234567890.12', '12345678901234567890.12'],
  ])('%j reads as %s', (text, written) => {
    expect(formatDecimal(parseDecimal(text))).toBe(written);
  });

  test.each([
    '',
    ' ',
    '.',
    '.5',
    '1,5',
    '1.2.3',
    '0x10',
    'NaN',
    'Infinity',
    '1e',
    '1e9999',
    '--1',
    '１',
    '9'.repeat(41),
    '1e40',
    '1e-41',
    `0.${'0'.repeat(41)}`,
  ])('%j is refused and the field is named', (text) => {
    expect(() => parseDecimal(text, 'lines.2.price')).toThrow(
      expect.objectContaining({
        kind: 'invalid',
        code: 'decimal.malformed',
        fields: [expect.objectContaining({ path: 'lines.2.price' })],
      }),
    );
  });

  test('any other text is refused with a Fault and nothing else', () => {
    const property = fc.property(fc.string(), (text) => {
      fc.pre(!/\d/.test(text));
      expect(() => parseDecimal(text)).toThrow(expect.objectContaining({ name: 'Fault' }));
    });
    fc.assert(property, { numRuns: 500 });
  });
});
