import { currencyExponent, minorUnits, rescale, type Decimal } from '../../src/kernel/index.ts';

/**
 * Exact amounts as minor units that sum to their exact sum rounded once (half away from zero). Each is rounded down, and the
 * units that are missing go to those that lost most, the first of equals: an amount that needs no rounding is never
 * touched, and none is off by a whole unit.
 */
export function roundTogether(amounts: readonly Decimal[], currency: string): number[] {
  const exponent = currencyExponent(currency);
  const scale = Math.max(exponent, ...amounts.map((amount) => amount.scale));
  const unit = 10n ** BigInt(scale - exponent);
  const exact = amounts.map((amount) => rescale(amount, scale).units);
  const floors = exact.map((units) => floorDivide(units, unit));
  const sum = exact.reduce((total, units) => total + units, 0n);
  const missing = rescale({ units: sum, scale }, exponent).units - floors.reduce((total, floor) => total + floor, 0n);
  const lost = exact.map((units, index) => ({ index, units: units - (floors[index] ?? 0n) * unit }));
  const raised = new Set(
    lost
      .toSorted((a, b) => Number(b.units > a.units) - Number(b.units < a.units) || a.index - b.index)
      .slice(0, Number(missing))
      .map(({ index }) => index),
  );
  return floors.map((floor, index) => minorUnits(Number(floor) + (raised.has(index) ? 1 : 0)));
}

/** Amounts that came one after the other: each is what it adds to the rounded sum, so that n parts make the whole. */
export function roundInTurn(amounts: readonly Decimal[], currency: string): number[] {
  let before = 0;
  return amounts.map((_, index) => {
    const upTo = roundSum(amounts.slice(0, index + 1), currency);
    const part = upTo - before;
    before = upTo;
    return part;
  });
}

export function roundSum(amounts: readonly Decimal[], currency: string): number {
  return minorUnits(Number(rescale(sumDecimals(amounts), currencyExponent(currency)).units));
}

export function sumDecimals(amounts: readonly Decimal[]): Decimal {
  const scale = Math.max(0, ...amounts.map((amount) => amount.scale));
  return { units: amounts.reduce((total, amount) => total + rescale(amount, scale).units, 0n), scale };
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}
