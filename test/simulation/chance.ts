import { seededRandom } from '../../connectors/sandbox/fake/index.ts';

/** Every decision of a run, drawn from its seed. */
export type Chance = {
  /** From 0 to below 1. */
  readonly next: () => number;
  /** A whole number from 0 to below `below`. */
  int(below: number): number;
  is(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item | null;
  /** A key, as often as its weight. */
  weigh<Name extends string>(weights: Readonly<Record<Name, number>>): Name;
};

export function createChance(seed: number): Chance {
  const next = seededRandom(seed);
  return {
    next,
    int: (below) => Math.floor(next() * below),
    is: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] ?? null,
    weigh(weights) {
      const entries = Object.entries<number>(weights) as [keyof typeof weights, number][];
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [name, weight] of entries) {
        left -= weight;
        if (left < 0) return name;
      }
      throw new Error('nothing weighs anything');
    },
  };
}
