import { expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { figures } from '../support/figures.ts';
import { openBench } from './bench.ts';
import { plants } from './plants.ts';
import { simulate, type Outcome } from './simulate.ts';

/** None of them has needed more than 11. */
const seedsMax = 25;
const perRunMs = 60_000;

it.each(plants)('finds $bug', { timeout: seedsMax * perRunMs }, async ({ pieces, emphasis = {}, finds }) => {
  const database = await createTestDatabase();
  const bench = await openBench(database, pieces);
  let found: Outcome | null = null;
  for (let seed = 1; found === null && seed <= seedsMax; seed += 1) {
    const outcome = await simulate(bench, { seed, steps: figures.simulationSteps, emphasis });
    if (outcome.failedAt !== null) found = outcome;
  }
  await bench.close();
  await database.close();
  expect(found?.violations.join('\n')).toMatch(finds);
});
