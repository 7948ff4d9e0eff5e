import { laneQuickMs, laneSlots, laneTurnMs } from '../../../config/defaults.ts';
import type { Clock } from '../../kernel/index.ts';
import { bulkhead } from './bulkhead.ts';
import { kindOfLane, type LaneKind } from './lane-kind.ts';

export type LaneDesk = {
  /** Drains the lane now, or once more after the drain that runs here already. Resolves when that is done; never throws. */
  answer(lane: string): Promise<void>;
  /** Whether a drain of the lane runs or waits here: its own last look will find what is due. */
  isBusy(lane: string): boolean;
  /** Whether an answer would be worked at now, or behind the drain of the same lane: it would wait for no other lane's slot. */
  hasRoom(lane: string): boolean;
  settled(): Promise<void>;
};

export type LaneDeskOptions = {
  readonly kinds: readonly LaneKind[];
  readonly clock: Clock;
  /** Drains a lane until it is empty or `mayGoOn` ends its turn; never throws. */
  drain(kind: LaneKind, lane: string, mayGoOn: () => boolean): Promise<void>;
  isStopping(): boolean;
};

type Entry = { isDueAgain: boolean; isDraining: boolean; done: Promise<void> };

/** One drain a lane in this process, and for each kind of lane slots of its own: no kind and no slow lane fills them all. */
export function laneDesk({ kinds, clock, drain, isStopping }: LaneDeskOptions): LaneDesk {
  const rooms = new Map(
    kinds.map((kind) => {
      const slots = { ...laneSlots, ...kind.slots, quickMs: laneQuickMs, turnMs: laneTurnMs };
      return [kind.kind, { kind, quick: slots.quick, enter: bulkhead(clock, slots) }] as const;
    }),
  );
  const busy = new Map<string, Entry>();

  type Room = NonNullable<ReturnType<typeof rooms.get>>;
  const run = async ({ kind, enter }: Room, lane: string, entry: Entry): Promise<void> => {
    do {
      await enter(async (mayGoOn) => {
        entry.isDueAgain = false;
        entry.isDraining = true;
        await drain(kind, lane, () => {
          const goesOn = mayGoOn();
          entry.isDueAgain ||= !goesOn;
          return goesOn;
        });
      });
      entry.isDraining = false;
    } while (entry.isDueAgain && !isStopping());
    busy.delete(lane);
  };
  return {
    async answer(lane) {
      const room = rooms.get(kindOfLane(lane));
      const running = busy.get(lane);
      if (room === undefined || isStopping()) return;
      if (running !== undefined) {
        running.isDueAgain = true;
        return;
      }
      const entry: Entry = { isDueAgain: false, isDraining: false, done: Promise.resolve() };
      busy.set(lane, entry);
      entry.done = run(room, lane, entry);
      await entry.done;
    },
    isBusy: (lane) => busy.has(lane),
    hasRoom(lane) {
      const name = kindOfLane(lane);
      const room = rooms.get(name);
      if (room === undefined || isStopping()) return false;
      const ofKind = [...busy.keys()].filter((other) => kindOfLane(other) === name).length;
      return busy.get(lane)?.isDraining === true || ofKind < room.quick;
    },
    async settled() {
      await Promise.all([...busy.values()].map((entry) => entry.done));
    },
  };
}
