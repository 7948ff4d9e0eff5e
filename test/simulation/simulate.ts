import { sandboxCharacters } from '../../connectors/sandbox/fake/index.ts';
import { changeRule, changeSeller, seller } from '../../src/invoicing/index.ts';
import { seedIds, type Clock } from '../../src/kernel/index.ts';
import { actionOf, weightsOf, type ActionName } from './actions/index.ts';
import { deliverNow } from './actions/webhooks.ts';
import { watchfulLog, type SimulationBench } from './bench.ts';
import { createChance, type Chance } from './chance.ts';
import { watchSafety } from './checks/safety.ts';
import { createStockModel } from './checks/stock-model.ts';
import { createClock } from './clock.ts';
import { createFaults, type FaultCounts, type FaultLevels } from './faults.ts';
import { liveOut } from './liveness.ts';
import type { Answering } from './outgoing.ts';
import { createPost } from './post.ts';
import { createMachine } from './process.ts';
import { createRunLog } from './run-log.ts';
import type { Run } from './run.ts';
import { bootServer, bootWorker, somebody, type Ground } from './staff.ts';
import { openStorefront } from './storefronts.ts';
import { connect, stockUp } from './world.ts';

/** What a run has more or less of than its seed says. */
export type Emphasis = {
  readonly faults?: FaultLevels;
  readonly actions?: Partial<Readonly<Record<ActionName, number>>>;
};

export type Seeded = {
  readonly seed: number;
  readonly steps: number;
  /** Every line, while it happens. */
  readonly print?: (line: string) => void;
  /** Added to. */
  readonly counts?: FaultCounts;
  /** Whether the end of the log has a hash of every row, to compare runs of one seed: it takes as long as 20 steps. */
  readonly hasDigest?: boolean;
  readonly emphasis?: Emphasis;
};

export type Outcome = {
  readonly seed: number;
  /** Of every line of the log. */
  readonly hash: string;
  /** The step at which something was wrong; `steps` when it was wrong at the end. Null: all was well. */
  readonly failedAt: number | null;
  readonly violations: readonly string[];
  readonly lastLines: readonly string[];
};

/** A working day, and the night in which a clock on a wall in Berlin is put back. */
const starts = ['2026-03-02T08:00:00.000Z', '2026-03-02T08:00:00.000Z', '2026-10-25T00:40:00.000Z'];

/** One run: the same seed on the same program writes the same log. */
export async function simulate(bench: SimulationBench, seeded: Seeded): Promise<Outcome> {
  const chance = createChance(seeded.seed);
  const random = Math.random;
  const clock = createClock(Date.parse(chance.pick(starts) ?? ''));
  const unseed = seedIds({ nowMs: clock.nowMs, fill: (bytes) => fillFrom(chance.next, bytes) });
  // Of the seed and the moment alone: a library that draws once more changes nothing.
  Math.random = () => createChance(seeded.seed ^ (clock.nowMs() % 2 ** 31)).next();
  try {
    await bench.wiper.wipe();
    const run = await open(bench, seeded, chance, clock);
    return await play(bench, seeded, run);
  } finally {
    Math.random = random;
    unseed();
  }
}

function fillFrom(next: () => number, bytes: Uint8Array): void {
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = Math.floor(next() * 256);
}

async function open(
  bench: SimulationBench,
  { seed, print, counts, emphasis }: Seeded,
  chance: Chance,
  clock: ReturnType<typeof createClock>,
): Promise<Run> {
  const log = createRunLog(print ?? null);
  const machine = createMachine();
  const faults = createFaults(chance, counts, emphasis?.faults);
  const post = createPost();
  const hosts = new Map<string, Answering>();
  const violations: string[] = [];
  const rings: string[] = [];
  bench.current.clock = {
    now: clock.shared.now,
    sleep: async (ms) => clock.advance(Math.ceil(ms)),
  };
  bench.current.ring = (lane) => {
    if (rings.includes(lane)) return;
    rings.push(lane);
    // Lanes of one commit are rung for in no order.
    rings.sort();
  };
  const { database, pieces, keyring } = bench;
  const ground: Ground = {
    real: database,
    keyring,
    connectors: pieces.connectors,
    clock,
    machine,
    internet: { hosts, faults, chance },
    databaseFaults: { faults, chance },
    log: watchfulLog((what) => violations.push(what)),
    receptionOf: pieces.receptionOf,
  };
  const count = 1 + chance.int(3);
  const shopClock: Clock = { now: clock.shared.now, sleep: async (ms) => clock.advance(ms) };
  const storefronts = Array.from({ length: count }, (_, index) =>
    openStorefront(chance.pick(sandboxCharacters) ?? 'webhooks', shopClock, chance, post, index),
  );
  for (const { origin, sandbox } of storefronts) hosts.set(origin, (request) => sandbox.fetch(request));
  const { goods, shops } = await database.transact({ actor: somebody }, async (ctx) => {
    const made = await stockUp(ctx, storefronts, chance);
    const connected = [];
    for (const each of storefronts) connected.push(await connect(ctx, ground, each, made, chance));
    await changeSeller(
      ctx,
      seller.parse({ legalName: 'Harbour Goods', address: ['Kai 1'], timeZone: 'Europe/Berlin' }),
    );
    await changeRule(ctx, null, { at: chance.pick(['ship_out', 'payment']), language: 'en' });
    return { goods: made, shops: connected };
  });
  const model = createStockModel();
  for (const skuId of goods.skus.values()) {
    for (const warehouseId of goods.warehouses) model.move(skuId, warehouseId, goods.units);
  }
  log.line(`seed ${seed}: ${shops.map(({ name }) => name).join(', ')}; ${goods.units} units of each`);
  const run: Run = {
    chance,
    clock,
    machine,
    faults,
    log,
    ground,
    lanesOf: pieces.lanesOf,
    database,
    goods,
    shops,
    workers: [1, 2, 3].map((number) => bootWorker(ground, `worker ${number}`, pieces.lanesOf)),
    servers: [1, 2].map((number) => bootServer(ground, `server ${number}`)),
    post,
    rings,
    model,
    acknowledged: new Set(),
    booted: 3,
    violations,
    deliverNow: (letter) => deliverNow(run, letter),
  };
  return run;
}

async function play(bench: SimulationBench, seeded: Seeded, run: Run): Promise<Outcome> {
  const { seed, steps, hasDigest, emphasis } = seeded;
  const weights = { ...weightsOf(), ...emphasis?.actions };
  const { chance, clock, log, violations } = run;
  const safety = watchSafety(run, bench.auditor);
  const failed = (failedAt: number): Outcome => ({
    seed,
    hash: log.hash(),
    failedAt,
    violations: [...violations],
    lastLines: log.tail(40),
  });
  for (let step = 1; step <= steps; step += 1) {
    const name = chance.weigh(weights);
    const told = await actionOf(name)(run);
    log.line(`${step} ${new Date(clock.nowMs()).toISOString()} ${name}: ${told}`);
    violations.push(...(await safety.look()));
    if (violations.length > 0) return failed(step);
  }
  const left = await liveOut(run, bench.auditor);
  violations.push(...left.map((what) => `not settled: ${what}`), ...(await safety.lookAtAll()));
  if (violations.length > 0) return failed(steps);
  if (hasDigest === true) log.line(`tables ${await bench.digester.digest()}`);
  return { seed, hash: log.hash(), failedAt: null, violations: [], lastLines: [] };
}
