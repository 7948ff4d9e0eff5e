import { appendFile } from 'node:fs/promises';
import { loadEnv } from '../../config/env.ts';

const { testFigures, testTable } = loadEnv();

export const isFull = testFigures === 'full';
const of = (fast: number, full: number): number => (isFull ? full : fast);

/** How much each randomised suite runs: a little in `npm test` and `.ci/run`, everything in `npm run test:full`. */
export const figures = {
  walks: of(24, 1_500),
  commandsPerWalk: of(40, 80),
  raceRounds: of(12, 200),
  simulationSeeds: of(80, 5_000),
  simulationSteps: 200,
  simulationProcesses: of(1, 2),
  /** Structural mutations of a valid signature, for each scheme. */
  signatureMutations: of(400, 2_000),
  /** Bodies sent to the webhook door of each connector. */
  fuzzedBodies: of(500, 20_000),
  /** Of the bad requests that the API's document makes, one in so many. */
  badRequestsOneIn: of(15, 1),
  /** kill -9 of server or worker under load. */
  kills: of(10, 60),
  postgresKills: of(1, 5),
  terminatedBackends: of(40, 200),
  redisAwaySeconds: of(10, 60),
} as const;

/** Writes a line of the table that `npm run test:full` prints: what was run and what came of it. */
export async function tellFigure(what: string, outcome: string): Promise<void> {
  if (testTable !== null) await appendFile(testTable, `${JSON.stringify({ what, outcome })}\n`);
}
