import { expect, it } from 'vitest';
import { dayIn, yearIn } from './day-in-zone.ts';
import { checkSeriesFormat, formatSerial } from './series-format.ts';

it('a number is written with its year and leading zeros, and grows beyond them', () => {
  expect(formatSerial('INV-{year}-{number:6}', 2026, 123)).toBe('INV-2026-000123');
  expect(formatSerial('{number:2}/{year}', 2026, 12_345)).toBe('12345/2026');
  expect(formatSerial('发票{number}', 2026, 7)).toBe('发票7');
});

it.each([
  ['INV-{year}', 'yearly', 'invoice_series.number_once'],
  ['{number}-{number}-{year}', 'yearly', 'invoice_series.number_once'],
  ['INV-{number:6}', 'yearly', 'invoice_series.year_missing'],
  ['INV{year}<{number}>', 'yearly', 'invoice_series.characters'],
  ['{number:99}', 'never', 'invoice_series.too_many_digits'],
  [`${'A'.repeat(40)}{number}`, 'never', 'invoice_series.too_long'],
] as const)('the format %s of a series that restarts %s is refused', (format, restarts, code) => {
  expect(() => checkSeriesFormat(format, restarts)).toThrow(
    expect.objectContaining({ fields: [expect.objectContaining({ path: 'format', code })] }),
  );
});

it('a day is that of the zone', () => {
  const midnight = new Date('2026-12-31T16:30:00Z');
  expect([dayIn('UTC', midnight), dayIn('Asia/Shanghai', midnight)]).toEqual(['2026-12-31', '2027-01-01']);
  expect(yearIn('Asia/Shanghai', midnight)).toBe(2027);
});
