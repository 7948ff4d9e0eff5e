import type { BenchWorld } from './world.ts';

/** One bar of PERFORMANCE.md. `name` and `unit` are those of its line in `npm run bench -- --json`. */
export type BenchCase = {
  readonly name: string;
  readonly unit: string;
  readonly goal: Goal;
  run(world: BenchWorld): Promise<BenchResult>;
};

export type Goal = { readonly atLeast: number } | { readonly atMost: number };

export type BenchResult = {
  readonly value: number;
  /** Of the rounds; equal to the value where there is one. */
  readonly spread: { readonly min: number; readonly max: number };
  /** Absolute figures behind the value, told after it: rates, times, bytes. */
  readonly details: readonly BenchFigure[];
};

export type BenchFigure = { readonly name: string; readonly value: number; readonly unit: string };

export function meets(goal: Goal, value: number): boolean {
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
}
