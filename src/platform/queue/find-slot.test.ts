import { createTask } from 'node-cron';
import { expect, test } from 'vitest';
import { slotFinder } from './find-slot.ts';

function finderOf(cron: string, timezone = 'UTC') {
  const task = createTask(cron, () => undefined, { timezone });
  return slotFinder((minute) => task.match(minute));
}

test('the newest slot is the last matching minute at or before now', () => {
  const find = finderOf('*/15 * * * *');
  expect(find(new Date('2026-11-21T10:14:59Z'))).toEqual(new Date('2026-11-21T10:00:00Z'));
  expect(find(new Date('2026-11-21T10:15:00Z'))).toEqual(new Date('2026-11-21T10:15:00Z'));
  expect(find(new Date('2026-11-21T12:07:00Z'))).toEqual(new Date('2026-11-21T12:00:00Z'));
});

test('a slot is a time of its zone, on both sides of a change of the clocks', () => {
  const find = finderOf('30 3 * * *', 'Europe/Berlin');
  expect(find(new Date('2026-10-24T12:00:00Z'))).toEqual(new Date('2026-10-24T01:30:00Z'));
  expect(find(new Date('2026-10-25T12:00:00Z'))).toEqual(new Date('2026-10-25T02:30:00Z'));
});

test('a slot more than eight days ago is not made up for', () => {
  const find = finderOf('0 0 1 1 *');
  expect(find(new Date('2026-01-08T00:00:00Z'))).toEqual(new Date('2026-01-01T00:00:00Z'));
  expect(finderOf('0 0 1 1 *')(new Date('2026-02-01T00:00:00Z'))).toBeNull();
});

test('each minute is asked for once', () => {
  let asked = 0;
  const find = slotFinder(() => {
    asked += 1;
    return false;
  });
  find(new Date('2026-11-21T10:00:30Z'));
  const first = asked;
  find(new Date('2026-11-21T10:00:59Z'));
  expect(asked).toBe(first);
  find(new Date('2026-11-21T10:03:00Z'));
  expect(asked).toBe(first + 3);
});
