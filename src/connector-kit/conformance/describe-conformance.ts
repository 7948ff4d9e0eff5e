import { describe, it } from 'vitest';
import { conformanceCases } from './cases.ts';
import type { ConformanceHarness } from './harness.ts';

const caseTimeoutMs = 60_000;

/**
 * The conformance suite as vitest tests: the one call in `connectors/<code>/conformance.test.ts`. Needs no database. A case that
 * does not apply is a skipped test whose title says why.
 */
export function describeConformance(harness: ConformanceHarness): void {
  describe(`the ${harness.name ?? harness.connector.code} connector conforms`, () => {
    for (const { title, lacks, run } of Object.values(conformanceCases)) {
      const reason = lacks(harness);
      if (reason === null) it(title, () => run(harness), caseTimeoutMs);
      else it.skip(`${title}: not applicable, ${reason}`, () => undefined);
    }
  });
}
