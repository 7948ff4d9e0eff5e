import { bootWorker, somebody, type SimWorker } from '../staff.ts';
import type { Action, Run } from '../run.ts';

/** The last of a worker's flows to be let through may go on for so many doors in one step. */
const doorsMax = 26;

/** A worker that has something to do goes on for a while. */
export const goOn: Action = async (run) => {
  const worker = run.chance.pick(run.workers.filter(({ process }) => process.waiting.length > 0 && isUp(process)));
  if (worker === null) return answerRing(run);
  return `${worker.process.name} ${await walk(run, worker, 1 + run.chance.int(doorsMax))}`;
};

/** A worker answers a ring; rings get lost and come twice. */
export const answerRing: Action = async (run) => {
  const { rings, chance, faults } = run;
  const worker = idleWorker(run);
  if (worker === null) return 'all workers are busy';
  if (rings.length === 0) return sweepOne(run);
  const index = chance.int(rings.length);
  const lane = rings[index] ?? '';
  if (!faults.strikes('ring.doubled', 0.05)) rings.splice(index, 1);
  if (faults.strikes('ring.lost', 0.1)) return `ring of ${lane} is lost`;
  return drain(run, worker, lane);
};

/** A sweep of one kind, chosen by the seed: the first lane found due is drained. */
export const sweepOne: Action = async (run) => {
  const worker = idleWorker(run);
  if (worker === null) return 'all workers are busy';
  const kind = run.chance.pick(worker.kinds);
  if (kind === null) return 'no kinds';
  const due = await run.database.transact({ actor: somebody }, (ctx) => kind.due(ctx.tx, ctx.now));
  const lane = run.chance.pick(due.toSorted());
  return lane === null ? `${kind.kind} has nothing due` : drain(run, worker, lane);
};

async function drain(run: Run, worker: SimWorker, lane: string): Promise<string> {
  worker.drain(lane);
  await run.machine.quiet();
  return `${worker.process.name} takes ${lane}: ${await walk(run, worker, 1 + run.chance.int(doorsMax))}`;
}

/** Lets a worker through so many doors, each some milliseconds after the other. */
async function walk(run: Run, worker: SimWorker, doors: number): Promise<string> {
  const { process } = worker;
  let passed = 0;
  while (passed < doors && process.waiting.length > 0 && isUp(process)) {
    run.clock.advance(run.chance.int(12));
    await run.machine.quiet();
    await process.resume(run.chance.int(process.waiting.length));
    passed += 1;
    const hasWritten = /^call (POST|PUT)/.test(process.lastDoor);
    if (hasWritten && run.faults.strikes('process.killed_after_a_call', 0.3)) return die(run, worker);
  }
  const stands = process.waiting[0]?.door ?? (process.tasks.size === 0 ? 'done' : 'asleep');
  return `${passed} doors, ${stands}`;
}

export const kill: Action = async (run) => {
  const { chance, faults, workers } = run;
  const worker = chance.pick(workers.filter(({ process }) => process.tasks.size > 0));
  if (worker === null || !faults.strikes('process.killed', 0.5)) return 'nobody is killed';
  return die(run, worker);
};

/** It ends where it stands, and another is started. */
function die(run: Run, worker: SimWorker): string {
  const { process } = worker;
  process.state = 'dead';
  process.waiting.length = 0;
  run.booted += 1;
  run.workers[run.workers.indexOf(worker)] = bootWorker(run.ground, `worker ${run.booted}`, run.lanesOf);
  return `${process.name} is killed in ${[...process.tasks].join(', ')}, after ${process.lastDoor}`;
}

/** A worker stops in the middle; others take its lanes; it wakes without knowing. */
export const freeze: Action = async (run) => {
  const { chance, faults, workers, clock } = run;
  const frozen = workers.find(({ process }) => process.state === 'frozen');
  if (frozen !== undefined) return thaw(run, frozen);
  const worker = chance.pick(workers.filter(({ process }) => process.waiting.length > 0));
  if (worker === null || !faults.strikes('process.frozen_past_its_lease', 0.9)) return 'nobody is frozen';
  worker.process.state = 'frozen';
  clock.advance(31_000);
  await run.machine.quiet();
  return `${worker.process.name} is frozen before ${worker.process.waiting[0]?.door ?? ''}`;
};

export async function thaw(run: Run, { process }: SimWorker): Promise<string> {
  process.state = 'running';
  run.clock.wake();
  await run.machine.quiet();
  return `${process.name} wakes`;
}

function idleWorker(run: Run): SimWorker | null {
  return run.workers.find(({ process }) => process.tasks.size === 0 && process.state === 'running') ?? null;
}

function isUp(process: { readonly state: string }): boolean {
  return process.state === 'running';
}
