import { Fault } from './fault.ts';

/** An exact decimal: `units / 10^scale`. Vendors send "24.99", 24.990 and 92.86522; none of them meets a float here. */
export type Decimal = { readonly units: bigint; readonly scale: number };

const digitsMax = 40;
const pattern = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads decimal text, exponents included (`1e-7`, as JSON numbers may be written). At most 40 digits on each side. */
export function parseDecimal(text: string, path = 'amount'): Decimal {
  const match = pattern.exec(text.trim());
  if (match === null) throw malformed(path);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const scale = fraction.length - Number(exponent);
  if (Math.max(whole.length, whole.length + Number(exponent), scale) > digitsMax) throw malformed(path);
  const units = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

function malformed(path: string): Fault {
  const message = `is not a decimal number of at most ${digitsMax} digits`;
  return new Fault('invalid', 'decimal.malformed', {
    message: `${path}: ${message}`,
    fields: [{ path, code: 'decimal.malformed', message }],
  });
}

export function formatDecimal(value: Decimal): string {
  const negative = value.units < 0n;
  const digits = (negative ? -value.units : value.units).toString().padStart(value.scale + 1, '0');
  const cut = digits.length - value.scale;
  const text = value.scale === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return negative ? `-${text}` : text;
}

/** Divides rounding half away from zero, the rule of invoices; `divisor` must be positive. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const magnitude = remainder < 0n ? -remainder : remainder;
  if (magnitude * 2n < divisor) return quotient;
  return quotient + (dividend < 0n ? -1n : 1n);
}

/** The value at another scale; digits that do not fit are rounded half away from zero. */
export function rescale(value: Decimal, scale: number): Decimal {
  if (scale >= value.scale) return { units: value.units * 10n ** BigInt(scale - value.scale), scale };
  return { units: divideHalfUp(value.units, 10n ** BigInt(value.scale - scale)), scale };
}

export function subtractDecimal(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: rescale(a, scale).units - rescale(b, scale).units, scale };
}
