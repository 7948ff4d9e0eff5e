import { expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { figures } from '../support/figures.ts';
import { openBench } from './bench.ts';
import { plants } from './plants.ts';
import { simulate, type Outcome } from './simulate.ts';

/** More than any of them has needed. */
const seedsMax = 40;
const perRunMs = 60_000;

it.each(plants)('finds $bug', { timeout: seedsMax * perRunMs }, async ({ pieces, finds }) => {
  const database = await createTestDatabase();
  const bench = await openBench(database, pieces);
  let found: Outcome | null = null;
  for (let seed = 1; found === null && seed <= seedsMax; seed += 1) {
    const outcome = await simulate(bench, { seed, steps: figures.simulationSteps });
    if (outcome.failedAt !== null) found = outcome;
  }
  await bench.close();
  await database.close();
  expect(found?.violations.join('\n')).toMatch(finds);
});
