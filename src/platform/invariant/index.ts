import { sql, type SQL } from 'drizzle-orm';
import { firstRow, rows, type AnyDb, type Database } from '../db/index.ts';

/** One thing that is not as it must be: which row, and both sides of the comparison. */
export type Difference = { readonly subject: string; readonly expected: string; readonly found: string };

/** One line of `wharf audit`: an invariant of DESIGN §8, or a part of one, checked by SQL. */
export type InvariantCheck = {
  readonly invariant: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  readonly name: string;
  /** What holds, as a sentence. */
  readonly title: string;
  /**
   * One row for each thing that is compared: `subject`, `expected` and `found` (text), `is_different` and `is_pending`
   * (boolean), `seen_at` (when a channel showed what is compared, else null). Pending is what is still on its way.
   */
  readonly compared: SQL;
};

export type CheckResult = {
  readonly checked: number;
  readonly differenceCount: number;
  /** The first by subject, at most `differencesShownMax`. */
  readonly differences: readonly Difference[];
  /** No difference while work is open, one when all should be settled. */
  readonly pending: number;
  /** The oldest answer of a channel that was compared. */
  readonly oldestSeenAt: Date | null;
};

const differencesShownMax = 20;

export type CheckLine = { readonly check: InvariantCheck; readonly result: CheckResult };

/** Runs the checks on one snapshot, so that they agree with each other while orders flow. */
export function runChecks(database: Database, checks: readonly InvariantCheck[]): Promise<CheckLine[]> {
  return database.snapshot(async (db) => {
    const lines: CheckLine[] = [];
    for (const check of checks) lines.push({ check, result: await runCheck(db, check) });
    return lines;
  });
}

export async function runCheck(db: AnyDb, { compared }: InvariantCheck): Promise<CheckResult> {
  const counts = await firstRow<Omit<CheckResult, 'differences'>>(
    db,
    sql`select count(*) as checked, count(*) filter (where is_different) as "differenceCount",
               count(*) filter (where is_pending) as pending, min(seen_at) as "oldestSeenAt"
        from (${compared}) c`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select subject, expected, found from (${compared}) c where is_different order by subject limit ${differencesShownMax}`,
  );
  return { checked: 0, differenceCount: 0, pending: 0, oldestSeenAt: null, ...counts, differences };
}

/** The last columns of a comparison of our own rows with each other: nothing is on its way, no channel was asked. */
export const ownRows = sql`false as is_pending, null::timestamptz as seen_at`;
