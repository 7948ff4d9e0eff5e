import { expect, test } from 'vitest';
import { groupWrites, type GroupOptions } from './group-writes.ts';

const limits = { itemsMax: 4, bytesMax: 100, atOnceMax: 2, atOncePerLineMax: 1 };

/** Writes that are answered when the test lets them, or at once. */
function openWrites(options: Partial<GroupOptions<string, string>> & { waits?: boolean } = {}) {
  const groups: string[][] = [];
  const gates: (() => void)[] = [];
  const add = groupWrites<string, string>({
    async write(items) {
      groups.push([...items]);
      if (options.waits === true) await new Promise<void>((resolve) => gates.push(resolve));
      if (items.some((item) => item.startsWith('bad'))) throw new Error('culprit');
      return items.map((item) => `${item}!`);
    },
    goesAlone: (item) => item.startsWith('alone'),
    isEveryones: () => false,
    bytesOf: (item) => item.length,
    limits,
    ...options,
  });
  return { add, groups, release: () => gates.splice(0).forEach((gate) => gate()) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('who comes to an idle line waits for nobody; who comes meanwhile is written together, and each gets its own answer', async () => {
  const { add, groups, release } = openWrites({ waits: true });
  const first = add('shop', 'a');
  await turn();
  expect(groups).toEqual([['a']]);
  const others = ['b', 'c', 'd'].map((item) => add('shop', item));
  await turn();
  expect(groups).toEqual([['a']]);
  release();
  expect(await first).toBe('a!');
  await turn();
  release();
  expect(await Promise.all(others)).toEqual(['b!', 'c!', 'd!']);
  expect(groups).toEqual([['a'], ['b', 'c', 'd']]);
});

test('one that cannot be written fails alone', async () => {
  const { add } = openWrites();
  const answers = await Promise.allSettled(['a', 'bad', 'b', 'c'].map((item) => add('shop', item)));
  expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'failed'))).toEqual([
    'a!',
    'failed',
    'b!',
    'c!',
  ]);
});

test('a failure that is nobody’s own fails all of the group, and is not looked for in its halves', async () => {
  const { add, groups } = openWrites({ isEveryones: () => true });
  const answers = await Promise.allSettled(['a', 'bad', 'b'].map((item) => add('shop', item)));
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(groups).toEqual([['a', 'bad', 'b']]);
});

test('a group has its limits of items and bytes, and one that goes alone goes alone', async () => {
  const { add, groups } = openWrites();
  const big = 'x'.repeat(99);
  await Promise.all(['a', 'b', 'c', 'd', 'e', big, 'f', 'alone', 'g'].map((item) => add('shop', item)));
  expect(groups).toEqual([['a', 'b', 'c', 'd'], ['e', big], ['f'], ['alone'], ['g']]);
  const larger = 'y'.repeat(500);
  expect(await add('shop', larger)).toBe(`${larger}!`);
});

test('a line whose write hangs delays no other, and takes only its own share', async () => {
  const { add, groups, release } = openWrites({ waits: true });
  const slow = [add('slow', 'a'), add('slow', 'b')];
  await turn();
  slow.push(add('slow', 'c'));
  await turn();
  const other = add('other', 'z');
  await turn();
  expect(groups).toEqual([['a', 'b'], ['z']]);
  release();
  expect(await other).toBe('z!');
  await turn();
  release();
  expect(await Promise.all(slow)).toEqual(['a!', 'b!', 'c!']);
});
