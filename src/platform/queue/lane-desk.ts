import { drainLane, type Drainer } from './drain-lane.ts';
import { kindOfLane, type LaneKind } from './lane-kind.ts';
import { slots } from './slots.ts';

export type LaneDesk = {
  /** Drains the lane now, or once more after the drain that runs here already. Resolves when that is done; never throws. */
  answer(lane: string): Promise<void>;
  /** Whether a drain of the lane runs or waits here: its own last look will find what is due. */
  isBusy(lane: string): boolean;
  settled(): Promise<void>;
};

/** One drain a lane and at most `concurrency` lanes at once in this process. */
export function laneDesk(drainer: Drainer, kinds: readonly LaneKind[], concurrency: number): LaneDesk {
  const kindsByName = new Map(kinds.map((kind) => [kind.kind, kind]));
  const busy = new Map<string, { isRungAgain: boolean; done: Promise<void> }>();
  const slot = slots(concurrency);

  const run = async (kind: LaneKind, lane: string, entry: { isRungAgain: boolean }): Promise<void> => {
    await slot(async () => {
      do {
        entry.isRungAgain = false;
        await drainLane(drainer, kind, lane);
      } while (entry.isRungAgain && !drainer.isStopping());
      busy.delete(lane);
    });
  };
  return {
    async answer(lane) {
      const kind = kindsByName.get(kindOfLane(lane));
      const running = busy.get(lane);
      if (kind === undefined || drainer.isStopping()) return;
      if (running !== undefined) {
        running.isRungAgain = true;
        return;
      }
      const entry = { isRungAgain: false, done: Promise.resolve() };
      busy.set(lane, entry);
      entry.done = run(kind, lane, entry);
      await entry.done;
    },
    isBusy: (lane) => busy.has(lane),
    async settled() {
      await Promise.all([...busy.values()].map((entry) => entry.done));
    },
  };
}
