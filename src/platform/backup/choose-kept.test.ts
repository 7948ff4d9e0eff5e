import { expect, test } from 'vitest';
import { chooseKept } from './choose-kept.ts';

const at = (text: string): { createdAt: Date } => ({ createdAt: new Date(text) });

/** One each night from the first of October to the 21st of November 2026, a Saturday. */
const nightly = Array.from({ length: 52 }, (_, day) => ({
  createdAt: new Date(Date.UTC(2026, 9, 1 + day, 3, 17)),
}));

function kept(backups: readonly { createdAt: Date }[], keep: { days: number; weeks: number }): string[] {
  return [...chooseKept(backups, keep)].map(({ createdAt }) => createdAt.toISOString().slice(0, 10)).toSorted();
}

test('the last seven days and the newest of four weeks are kept', () => {
  expect(kept(nightly, { days: 7, weeks: 4 })).toEqual([
    '2026-11-01',
    '2026-11-08',
    ...['15', '16', '17', '18', '19', '20', '21'].map((day) => `2026-11-${day}`),
  ]);
});

test('of one day the newest is kept, and days without any do not count', () => {
  const some = [at('2026-11-20T03:17:00Z'), at('2026-11-20T15:00:00Z'), at('2026-10-02T03:17:00Z')];
  expect([...chooseKept(some, { days: 2, weeks: 0 })].map(({ createdAt }) => createdAt.toISOString())).toEqual([
    '2026-11-20T15:00:00.000Z',
    '2026-10-02T03:17:00.000Z',
  ]);
});

test('the newest is never given up', () => {
  expect(kept(nightly, { days: 0, weeks: 0 })).toEqual(['2026-11-21']);
  expect(kept([], { days: 7, weeks: 4 })).toEqual([]);
});
