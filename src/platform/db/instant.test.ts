import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeInteger } from './columns.ts';
import { parseInstant } from './instant.ts';

test('any instant is read back from the text that Postgres writes for it in UTC', () => {
  const instant = fc.date({ min: new Date('1900-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(instant, (date) => {
      const text = date
        .toISOString()
        .replace('T', ' ')
        .replace(/\.?0*Z$/, '+00');
      expect(parseInstant(text)).toEqual(date);
    }),
    { numRuns: 2_000 },
  );
});

test('other offsets and microseconds are read, infinity is refused', () => {
  expect(parseInstant('2026-03-29 01:30:00.123456+02')).toEqual(new Date('2026-03-28T23:30:00.123Z'));
  expect(() => parseInstant('infinity')).toThrow(RangeError);
});

test('an int8 beyond a safe integer is refused', () => {
  expect(safeInteger('-9007199254740991')).toBe(Number.MIN_SAFE_INTEGER);
  expect(() => safeInteger('9007199254740992')).toThrow(RangeError);
});
