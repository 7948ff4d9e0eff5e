import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { figures, tellFigure } from '../support/figures.ts';
import { openBench, type SimulationBench } from './bench.ts';
import { faultKinds, type FaultCounts } from './faults.ts';
import { wallClockPlant } from './plants.ts';
import { rareFaults, tellFailure, tellFaults } from './report.ts';
import { playApart } from './play-apart.ts';
import { playSeeds, type Seeds } from './play-seeds.ts';
import { simulate, type Outcome } from './simulate.ts';

const { simulationSeeds: seeds, simulationSteps: steps, simulationProcesses: processes } = figures;
const struckAtLeast = 20;
const perRunMs = 60_000;
const failuresShownMax = 3;

describe('the simulation', () => {
  let database: TestDatabase;
  let bench: SimulationBench;
  beforeAll(async () => {
    database = await createTestDatabase();
    bench = await openBench(database);
  });
  afterAll(async () => {
    await bench.close();
    await database.close();
  });

  it(
    'finds every promise kept, and strikes with every kind of fault',
    async () => {
      const failures: string[] = [];
      let played = 0;
      const judge = (outcome: Outcome): void => {
        played += 1;
        if (outcome.failedAt !== null) failures.push(tellFailure(outcome, steps));
      };
      const all = { first: 1, count: seeds, steps };
      const counts =
        processes === 1 ? await playSeeds(bench, { ...all, stride: 1 }, judge) : await playOnDatabases(all, judge);
      const strikes = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const rarest = Math.min(...faultKinds.map((kind) => counts.get(kind) ?? 0));
      await tellFigure(
        'deterministic simulation',
        `${played} seeds × ${steps} steps, ${failures.length} failed; ${strikes} faults, each kind at least ${rarest} times`,
      );
      expect(failures.slice(0, failuresShownMax).join('\n\n')).toBe('');
      expect(rareFaults(counts, struckAtLeast), tellFaults(counts)).toEqual([]);
    },
    seeds * perRunMs,
  );

  it('writes the same log for the same seed, and another for another', async () => {
    const hashOf = async (seed: number): Promise<string> =>
      (await simulate(bench, { seed, steps, hasDigest: true })).hash;
    const first = [await hashOf(7), await hashOf(8)];
    expect([await hashOf(7), await hashOf(8)]).toEqual(first);
    expect(first[0]).not.toBe(first[1]);
  });
});

it('writes another log where something is decided by the clock of the machine', async () => {
  const database = await createTestDatabase();
  const bench = await openBench(database, wallClockPlant);
  const hashes = new Set<string>();
  for (let times = 0; times < 3; times += 1) hashes.add((await simulate(bench, { seed: 7, steps: 60 })).hash);
  expect(hashes.size).toBeGreaterThan(1);
  await bench.close();
  await database.close();
});

async function playOnDatabases(all: Omit<Seeds, 'stride'>, judge: (outcome: Outcome) => void): Promise<FaultCounts> {
  const databases = await Promise.all(Array.from({ length: processes }, () => createTestDatabase()));
  const counts = await playApart(
    all,
    databases.map(({ url, readUrl }) => ({ url, readUrl })),
    judge,
  );
  for (const each of databases) await each.close();
  return counts;
}
