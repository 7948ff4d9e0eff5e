import type { AnyDb, Database } from '../db/index.ts';

/** One thing that is not as it must be: which row, and both sides of the comparison. */
export type Difference = { readonly subject: string; readonly expected: string; readonly found: string };

export type CheckResult = {
  readonly checked: number;
  /** At most `differencesShownMax`, the first by subject; `differenceCount` counts all. */
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
  /** Rows still on their way (a push not sent yet): no difference while work is open, one when all should be settled. */
  readonly pending: number;
  /** For checks against what a channel showed: when the oldest compared answer was read. */
  readonly oldestSeenAt: Date | null;
};

/** One line of `wharf audit`: an invariant of DESIGN §8, or a part of one, checked by SQL on the reading side. */
export type InvariantCheck = {
  readonly invariant: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  readonly name: string;
  /** What holds, as a sentence. */
  readonly title: string;
  run(db: AnyDb): Promise<CheckResult>;
};

export const differencesShownMax = 20;

export type CheckLine = { readonly check: InvariantCheck; readonly result: CheckResult };

/** Runs the checks on one snapshot, so that they agree with each other while orders flow. */
export function runChecks(database: Database, checks: readonly InvariantCheck[]): Promise<CheckLine[]> {
  return database.snapshot(async (db) => {
    const lines: CheckLine[] = [];
    for (const check of checks) lines.push({ check, result: await check.run(db) });
    return lines;
  });
}

/** Makes a result of rows that carry both sides; SQL hands over at most `differencesShownMax` rows and the full counts. */
export function checkResult(
  counts: {
    readonly checked: number;
    readonly different: number;
    readonly pending?: number;
    readonly oldestSeenAt?: Date | null;
  },
  differences: readonly Difference[],
): CheckResult {
  return {
    checked: counts.checked,
    differences: differences.slice(0, differencesShownMax),
    differenceCount: counts.different,
    pending: counts.pending ?? 0,
    oldestSeenAt: counts.oldestSeenAt ?? null,
  };
}
