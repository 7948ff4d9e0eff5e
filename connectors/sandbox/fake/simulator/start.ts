import type { Sandbox } from '../create-sandbox.ts';
import { simulateStep, type SimulatedEvent } from './step.ts';

export type SimulatorOptions = {
  readonly sandbox: Sandbox;
  /** Numbers from 0 to below 1; `seededRandom` makes a run repeatable. */
  readonly random?: () => number;
  readonly log?: (event: SimulatedEvent) => void;
};

const quickMs = 10 * 60_000;
const slowingMs = 5 * 60_000;
const slowestMs = 60_000;

/**
 * Buyers come and go on the sandbox's own clock: one every 2 to 3 seconds for the ten minutes after the shop's first order,
 * then slower, down to one a minute. `stop` resolves when no further step will happen.
 */
export function startSimulator(options: SimulatorOptions): { stop(): Promise<void> } {
  const { sandbox, random = Math.random, log } = options;
  const [first] = Object.values(sandbox.state.orders);
  const openedMs = first === undefined ? sandbox.clock.now().getTime() : Date.parse(first.placedAt);
  const halt = new AbortController();
  const run = async (): Promise<void> => {
    while (!halt.signal.aborted) {
      const event = simulateStep(sandbox, random);
      log?.(event);
      await sandbox.clock.sleep(pauseMs(sandbox.clock.now().getTime() - openedMs, random), halt.signal);
    }
  };
  const running = run().catch((error: unknown) => {
    if (!halt.signal.aborted) throw error;
  });
  // A step that failed ends the simulation, not the process; `stop` tells.
  running.catch(() => undefined);
  return {
    async stop() {
      halt.abort();
      await running;
    },
  };
}

/** The wait until the next step, by the age of the shop. */
export function pauseMs(ageMs: number, random: () => number): number {
  const quick = 2_000 + Math.floor(random() * 1_000);
  const slowed = Math.min(1, Math.max(0, (ageMs - quickMs) / slowingMs));
  return Math.round(quick + (slowestMs - quick) * slowed);
}

/** A small repeatable generator (mulberry32); not for secrets. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
