import { expect, test } from 'vitest';
import { shareReads } from './shared-reads.ts';

function openReads() {
  const reads: { key: string; answer(value: string): void; fail(): void }[] = [];
  const ask = shareReads<string>(
    (key) =>
      new Promise((resolve, reject) => reads.push({ key, answer: resolve, fail: () => reject(new Error('away')) })),
  );
  return { ask, reads };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('who asks while a read runs is answered by one that begins afterwards, and all of them by the same', async () => {
  const { ask, reads } = openReads();
  const first = ask('a');
  const later = [ask('a'), ask('a')];
  expect(reads).toHaveLength(1);
  reads[0]?.answer('old');
  expect(await first).toBe('old');
  await turn();
  expect(reads).toHaveLength(2);
  reads[1]?.answer('new');
  expect(await Promise.all(later)).toEqual(['new', 'new']);
  await turn();
  const last = ask('a');
  expect(reads).toHaveLength(3);
  reads[2]?.answer('newest');
  expect(await last).toBe('newest');
});

test('keys do not wait for each other, and a failed read fails only those who shared it', async () => {
  const { ask, reads } = openReads();
  const failing = ask('a');
  const next = ask('a');
  const other = ask('b');
  expect(reads.map(({ key }) => key)).toEqual(['a', 'b']);
  reads[0]?.fail();
  await expect(failing).rejects.toThrow('away');
  await turn();
  reads[1]?.answer('b');
  reads[2]?.answer('a');
  expect(await Promise.all([next, other])).toEqual(['a', 'b']);
});
