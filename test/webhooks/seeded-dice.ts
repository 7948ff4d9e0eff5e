import fc from 'fast-check';
import type { Dice } from './mutation-parts.ts';

/** Throws of the dice, the same for the same seed. */
export function seededDice(seed: number, count: number): Dice[] {
  const dice = fc.record({ a: fc.nat(), b: fc.nat(), bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }) });
  return fc.sample(dice, { seed, numRuns: count });
}

/** Runs `work` on each item, so many at a time. */
export async function inParallel<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
