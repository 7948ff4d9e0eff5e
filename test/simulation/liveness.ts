import { noFaults } from '../../connectors/sandbox/fake/index.ts';
import { sendWebhooks } from './actions/webhooks.ts';
import { thaw } from './actions/workers.ts';
import type { Auditor } from './checks/audit.ts';
import { compareWithChannels } from './checks/settled.ts';
import { resumeAll } from './actions/people.ts';
import type { Process } from './process.ts';
import type { Run } from './run.ts';
import { somebody } from './staff.ts';

/** How far the clock goes before each look: the lease of a dead worker, then the longest back-off, then the hourly sweep. */
const roundsMs = [33_000, 61_000, 660_000, 60_000, 3_700_000, 60_000, 660_000, 3_700_000, 660_000, 60_000];

/** Ends the faults and lets the hub work in peace. Answers with what is still not right; nothing when all is well. */
export async function liveOut(run: Run, auditor: Auditor): Promise<string[]> {
  run.faults.isOn = false;
  for (const { sandbox } of run.shops) sandbox.setFaults(noFaults);
  for (const worker of run.workers) if (worker.process.state === 'frozen') await thaw(run, worker);
  await resumeAll(run);
  let left: string[] = [];
  for (const [round, ms] of roundsMs.entries()) {
    await finishEverything(run);
    run.clock.advance(ms);
    await run.machine.quiet();
    await finishEverything(run);
    await drainEverything(run);
    left = await stillLeft(run, auditor);
    if (left.length === 0) {
      run.log.line(`settled after ${round + 1} rounds`);
      return [];
    }
  }
  return left;
}

async function stillLeft(run: Run, auditor: Auditor): Promise<string[]> {
  const audit = await auditor.audit();
  if (audit.length > 0) return audit.map(({ name, examples }) => `${name}: ${examples}`);
  return [...(await run.model.compare(run.database)), ...(await compareWithChannels(run))];
}

/** Every process goes on to its end, and every webhook that is on its way arrives. */
async function finishEverything(run: Run): Promise<void> {
  const { workers, servers, post } = run;
  for (;;) {
    for (const { process } of [...workers, ...servers]) await finish(run, process);
    await sendWebhooks(run);
    const letter = post.letters.shift();
    if (letter === undefined) return;
    await run.deliverNow(letter);
  }
}

async function drainEverything(run: Run): Promise<void> {
  const [worker] = run.workers;
  if (worker === undefined) throw new Error('no worker');
  run.rings.length = 0;
  for (const kind of worker.kinds) {
    const due = await run.database.transact({ actor: somebody }, (ctx) => kind.due(ctx.tx, ctx.now));
    for (const lane of due.toSorted()) {
      worker.drain(lane);
      await run.machine.quiet();
      await finish(run, worker.process);
    }
  }
}

const doorsMax = 5_000;

async function finish(run: Run, process: Process): Promise<void> {
  for (let door = 0; process.waiting.length > 0; door += 1) {
    if (door === doorsMax) throw new Error(`${process.name} does not end: ${[...process.tasks].join(', ')}`);
    run.clock.advance(1);
    await process.resume(0);
  }
  if (process.tasks.size > 0) throw new Error(`${process.name} stands still in ${[...process.tasks].join(', ')}`);
}
