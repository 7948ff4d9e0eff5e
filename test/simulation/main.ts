import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrationsDir } from '../../config/env.ts';
import { migrate, startEmbedded } from '../../src/platform/db/index.ts';
import { quietLog } from '../support/quiet-log.ts';
import { openBench } from './bench.ts';
import type { FaultCounts } from './faults.ts';
import { tellFailure, tellFaults } from './report.ts';
import { simulate } from './simulate.ts';

// `npm run simulate -- --seed 7 [--seeds 100] [--steps 200] [--verbose]`: one run, or so many from there on, on a database
// of its own (or `--database URL`, one that is migrated, empty and used by nobody else). Exits 1 when a run failed.
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    steps: { type: 'string', default: '200' },
    verbose: { type: 'boolean', default: false },
    database: { type: 'string' },
  },
});
const [first, count, steps] = [Number(values.seed), Number(values.seeds), Number(values.steps)];
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const place = await findDatabase(values.database ?? null);
try {
  const bench = await openBench(place);
  const counts: FaultCounts = new Map();
  for (let seed = first; seed < first + count; seed += 1) {
    const outcome = await simulate(bench, { seed, steps, counts, ...(values.verbose ? { print } : {}) });
    print(outcome.failedAt === null ? `seed ${seed} ${outcome.hash}` : tellFailure(outcome, steps));
    if (outcome.failedAt !== null) process.exitCode = 1;
  }
  await bench.close();
  print(tellFaults(counts));
} finally {
  await place.close();
}

async function findDatabase(
  url: string | null,
): Promise<{ url: string; readUrl: string | null; close(): Promise<void> }> {
  if (url !== null) return { url, readUrl: null, close: () => Promise.resolve() };
  const dir = await mkdtemp(join(tmpdir(), 'wharf-simulation-'));
  const server = await startEmbedded({ dir, durable: false, log: quietLog });
  await server.ensureDatabase('simulation');
  const own = server.url('simulation');
  const { readUrl } = await migrate(own, { dir: migrationsDir, log: quietLog });
  return {
    url: own,
    readUrl,
    async close() {
      await server.stop();
      for (const each of new Set([dir, server.dir])) await rm(each, { recursive: true, force: true });
    },
  };
}
