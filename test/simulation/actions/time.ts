import type { Action } from '../run.ts';

/** Some seconds pass. */
export const tick: Action = async (run) => {
  const ms = 500 + run.chance.int(12_000);
  run.clock.advance(ms);
  await run.machine.quiet();
  return `${ms} ms pass`;
};

/** The clock jumps: a suspended machine, a corrected clock. */
export const jump: Action = async (run) => {
  if (!run.faults.strikes('clock.jump', 0.6)) return 'the clock does not jump';
  const ms = run.chance.pick([45_000, 180_000, 900_000, 3_900_000]) ?? 45_000;
  run.clock.advance(ms);
  await run.machine.quiet();
  return `the clock jumps by ${ms} ms`;
};
