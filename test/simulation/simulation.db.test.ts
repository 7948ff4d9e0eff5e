import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { figures, tellFigure } from '../support/figures.ts';
import { openBench, type SimulationBench } from './bench.ts';
import type { FaultCounts } from './faults.ts';
import { wallClockPlant } from './plants.ts';
import { rareFaults, tellFailure, tellFaults } from './report.ts';
import { simulate } from './simulate.ts';

const { simulationSeeds: seeds, simulationSteps: steps } = figures;
const struckAtLeast = 20;
const perRunMs = 60_000;

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
      const counts: FaultCounts = new Map();
      for (let seed = 1; seed <= seeds; seed += 1) {
        const outcome = await simulate(bench, { seed, steps, counts });
        expect(outcome.failedAt === null ? '' : tellFailure(outcome, steps)).toBe('');
      }
      const strikes = [...counts.values()].reduce((sum, count) => sum + count, 0);
      await tellFigure(
        'deterministic simulation',
        `${seeds} seeds × ${steps} steps, ${strikes} faults, each kind at least ${Math.min(...counts.values())} times`,
      );
      expect(rareFaults(counts, struckAtLeast), tellFaults(counts)).toEqual([]);
    },
    seeds * perRunMs,
  );

  it('writes the same log for the same seed, and another for another', async () => {
    const hashOf = async (seed: number): Promise<string> => (await simulate(bench, { seed, steps })).hash;
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
