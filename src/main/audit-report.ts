import type { Database } from '../platform/db/index.ts';
import { runChecks, type CheckResult, type InvariantCheck } from '../platform/invariant/index.ts';
import { checks } from './checks.ts';

export type AuditLine = Pick<InvariantCheck, 'invariant' | 'name' | 'title'> & {
  -readonly [Key in keyof CheckResult]: Key extends 'differences'
    ? CheckResult['differences'][number][]
    : CheckResult[Key];
};

export type AuditReport = { isClean: boolean; lines: AuditLine[] };

/** `settled` counts rows that are still on their way as differences: for the end of a story, when nothing moves any more. */
export async function auditReport(database: Database, options: { settled?: boolean } = {}): Promise<AuditReport> {
  const found = await runChecks(database, checks);
  const lines = found.map(({ check, result }) => ({
    invariant: check.invariant,
    name: check.name,
    title: check.title,
    ...result,
    differences: [...result.differences],
  }));
  const isClean = lines.every((line) => line.differenceCount === 0 && (options.settled !== true || line.pending === 0));
  return { isClean, lines };
}
