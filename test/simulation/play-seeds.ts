import type { SimulationBench } from './bench.ts';
import type { FaultCounts } from './faults.ts';
import { simulate, type Outcome } from './simulate.ts';

/** `count` seeds from `first` on, each `stride` after the one before. */
export type Seeds = {
  readonly first: number;
  readonly count: number;
  readonly stride: number;
  readonly steps: number;
};

/** Plays them one after the other, tells each outcome, and answers with how often each kind of fault struck. */
export async function playSeeds(
  bench: SimulationBench,
  { first, count, stride, steps }: Seeds,
  tell: (outcome: Outcome) => void,
): Promise<FaultCounts> {
  const counts: FaultCounts = new Map();
  for (let index = 0; index < count; index += 1) {
    tell(await simulate(bench, { seed: first + index * stride, steps, counts }));
  }
  return counts;
}
