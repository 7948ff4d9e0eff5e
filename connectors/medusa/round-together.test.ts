import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/kernel/index.ts';
import { roundInTurn, roundSum, roundTogether } from './round-together.ts';

const exact = (...amounts: string[]) => amounts.map((amount) => parseDecimal(amount));
const sum = (minor: readonly number[]) => minor.reduce((total, each) => total + each, 0);
const decimal = fc
  .record({ units: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), scale: fc.nat({ max: 9 }) })
  .map(({ units, scale }) => ({ units, scale }));

describe('rounding amounts together', () => {
  it('gives the missing units to those that lost most', () => {
    expect(roundTogether(exact('0.335', '0.335', '0.33'), 'EUR')).toEqual([34, 33, 33]);
    expect(roundTogether(exact('42.81858', '25.54335', '9.62829', '14.875'), 'EUR')).toEqual([4282, 2554, 963, 1488]);
  });

  it('takes the currency’s own decimals', () => {
    expect(roundTogether(exact('100.4', '100.4'), 'JPY')).toEqual([101, 100]);
    expect(roundTogether(exact('1.0054', '1.0004'), 'KWD')).toEqual([1006, 1000]);
  });

  it('sums to the exact sum rounded once, each within a unit of its own amount, whole ones untouched', () => {
    fc.assert(
      fc.property(fc.array(decimal, { minLength: 1, maxLength: 8 }), (amounts) => {
        const minor = roundTogether(amounts, 'EUR');
        expect(sum(minor)).toBe(roundSum(amounts, 'EUR'));
        for (const [index, { units, scale }] of amounts.entries()) {
          const whole = 10n ** BigInt(scale);
          const off = BigInt(minor[index] ?? 0) * whole - units * 100n;
          expect(off < whole && off > -whole).toBe(true);
          if ((units * 100n) % whole === 0n) expect(off).toBe(0n);
        }
      }),
    );
  });

  it('in turn: n parts make the rounded whole', () => {
    expect(roundInTurn(exact('0.335', '0.335', '0.33'), 'EUR')).toEqual([34, 33, 33]);
    fc.assert(
      fc.property(fc.array(decimal, { minLength: 1, maxLength: 8 }), (amounts) => {
        expect(sum(roundInTurn(amounts, 'EUR'))).toBe(roundSum(amounts, 'EUR'));
      }),
    );
  });
});
