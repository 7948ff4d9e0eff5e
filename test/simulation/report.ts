import { faultKinds, type FaultCounts } from './faults.ts';
import type { Outcome } from './simulate.ts';

/** How often each kind of fault struck, the rarest first. */
export function tellFaults(counts: FaultCounts): string {
  return faultKinds
    .map((kind) => [kind, counts.get(kind) ?? 0] as const)
    .toSorted((a, b) => a[1] - b[1])
    .map(([kind, count]) => `${String(count).padStart(7)}  ${kind}`)
    .join('\n');
}

/** Kinds that struck less often: what they would have found, nobody knows. */
export function rareFaults(counts: FaultCounts, atLeast: number): string[] {
  return faultKinds.filter((kind) => (counts.get(kind) ?? 0) < atLeast);
}

/** What was wrong, what went before, and how to see it again. */
export function tellFailure({ seed, failedAt, violations, lastLines }: Outcome, steps: number): string {
  return [
    `seed ${seed} failed at step ${failedAt ?? 0} of ${steps}:`,
    ...violations.map((violation) => `  ${violation}`),
    'the last lines of its log:',
    ...lastLines.map((line) => `  ${line}`),
    `again: npm run simulate -- --seed ${seed} --steps ${steps} --verbose`,
  ].join('\n');
}
