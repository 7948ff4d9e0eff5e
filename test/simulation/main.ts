import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrationsDir } from '../../config/env.ts';
import { migrate, startEmbedded } from '../../src/platform/db/index.ts';
import { quietLog } from '../support/quiet-log.ts';
import { openBench, type Place } from './bench.ts';
import { playApart } from './play-apart.ts';
import { tellFailure, tellFaults } from './report.ts';
import { simulate, type Outcome } from './simulate.ts';

// `npm run simulate -- --seed 7 [--steps 200]` plays one run, `--verbose` line by line; `--seeds 100 [--processes 2]` plays so many from
// there on, tells each outcome and how often each kind of fault struck. Exits 1 when a run failed.
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    steps: { type: 'string', default: '200' },
    processes: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
});
const [first, count] = [Number(values.seed), Number(values.seeds)];
const [steps, processes] = [Number(values.steps), Number(values.processes)];
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const server = await openServer();
try {
  if (values.verbose) await playAloud(await server.addPlace(0));
  else await playAll();
} finally {
  await server.close();
}

async function playAloud(place: Place): Promise<void> {
  const bench = await openBench(place);
  for (let seed = first; seed < first + count; seed += 1) {
    tell(await simulate(bench, { seed, steps, print, hasDigest: true }));
  }
  await bench.close();
}

async function playAll(): Promise<void> {
  const places: Place[] = [];
  for (let index = 0; index < processes; index += 1) places.push(await server.addPlace(index));
  print(tellFaults(await playApart({ first, count, steps }, places, tell)));
}

function tell(outcome: Outcome): void {
  print(outcome.failedAt === null ? `seed ${outcome.seed} ${outcome.hash}` : tellFailure(outcome, steps));
  if (outcome.failedAt !== null) process.exitCode = 1;
}

async function openServer(): Promise<{ addPlace(index: number): Promise<Place>; close(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'wharf-simulation-'));
  const embedded = await startEmbedded({ dir, durable: false, log: quietLog });
  return {
    async addPlace(index) {
      const name = `simulation_${index + 1}`;
      await embedded.ensureDatabase(name);
      const url = embedded.url(name);
      const { readUrl } = await migrate(url, { dir: migrationsDir, log: quietLog });
      return { url, readUrl };
    },
    async close() {
      await embedded.stop();
      for (const each of new Set([dir, embedded.dir])) await rm(each, { recursive: true, force: true });
    },
  };
}
