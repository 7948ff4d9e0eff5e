import { expect, test } from 'vitest';
import { takingTurns } from './taking-turns.ts';

test('a long loop lets others run once every so many items', async () => {
  const seen: (number | 'other')[] = [];
  const turn = takingTurns(2);
  setImmediate(() => seen.push('other'));
  for (const item of [1, 2, 3]) {
    seen.push(item);
    await turn();
  }
  expect(seen).toEqual([1, 2, 'other', 3]);
});
