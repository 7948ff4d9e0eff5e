import fc from 'fast-check';
import { expect, test } from 'vitest';
import { positiveQuantity, quantity, quantityMax } from './quantity.ts';

test('whole numbers from 0 to the largest quantity pass unchanged', () => {
  const property = fc.property(fc.integer({ min: 0, max: quantityMax }), (value) => {
    expect(quantity(value)).toBe(value);
  });
  fc.assert(property, { numRuns: 500 });
});

test('every other number is refused', () => {
  const property = fc.property(fc.double(), (value) => {
    fc.pre(!Number.isInteger(value) || value < 0 || value > quantityMax);
    expect(() => quantity(value)).toThrow(expect.objectContaining({ code: 'quantity.out_of_range' }));
  });
  fc.assert(property, { numRuns: 500 });
});

test.each([Number.NaN, -1, 0.5, quantityMax + 1])('%d units are refused and the field is named', (value) => {
  expect(() => quantity(value, 'lines.0.quantity')).toThrow(
    expect.objectContaining({
      kind: 'invalid',
      message: `lines.0.quantity: must be a whole number from 0 to ${quantityMax}`,
      fields: [expect.objectContaining({ path: 'lines.0.quantity' })],
    }),
  );
});

test('nothing is not a positive quantity', () => {
  expect(positiveQuantity(1)).toBe(1);
  expect(() => positiveQuantity(0, 'units')).toThrow(expect.objectContaining({ code: 'quantity.zero' }));
  expect(() => positiveQuantity(-1)).toThrow(expect.objectContaining({ code: 'quantity.out_of_range' }));
});

test('minus zero becomes zero, so that equal quantities are equal', () => {
  expect(Object.is(quantity(-0), 0)).toBe(true);
});
