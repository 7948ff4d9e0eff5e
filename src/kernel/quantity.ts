import { Fault } from './fault.ts';

/** Units of a SKU or of an order line: a whole number, never negative unless the name says `delta`. */
export const quantityMax = 1_000_000_000;

export function quantity(value: number, path = 'quantity'): number {
  if (!Number.isSafeInteger(value) || value < 0 || value > quantityMax) {
    const message = `must be a whole number from 0 to ${quantityMax}`;
    throw new Fault('invalid', 'quantity.out_of_range', {
      message: `${path}: ${message}`,
      fields: [{ path, code: 'quantity.out_of_range', message }],
    });
  }
  return value === 0 ? 0 : value;
}

export function positiveQuantity(value: number, path = 'quantity'): number {
  if (value === 0) {
    const message = 'must be at least 1';
    throw new Fault('invalid', 'quantity.zero', {
      message: `${path}: ${message}`,
      fields: [{ path, code: 'quantity.zero', message }],
    });
  }
  return quantity(value, path);
}
