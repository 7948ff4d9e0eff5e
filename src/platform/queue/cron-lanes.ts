import { createTask, validate, type ScheduledTask } from 'node-cron';
import { Fault } from '../../kernel/index.ts';
import type { AnyDb, Database } from '../db/index.ts';
import { slotFinder, type SlotFinder } from './find-slot.ts';
import { queueActor } from './hold-lease.ts';
import type { LaneKind, Lease } from './lane-kind.ts';
import { findTakenSlots } from './queries.ts';
import { recordSlot } from './record-slot.ts';

/**
 * Work by the clock. Its slot is a row, written after `run`: each slot is run at least once by somebody, and after a time
 * when nobody ran, the newest missed slot is made up for, not all of them. `run` must bear being run twice.
 */
export type Schedule = {
  readonly name: string;
  /** Five fields, minutes first: `0 3 * * *`. */
  readonly cron: string;
  /** IANA name; UTC when absent. */
  readonly zone?: string;
  run(lease: Lease, slot: Date): Promise<void>;
};

const prefix = 'cron';

/** One lane a schedule (`cron:<name>`). node-cron only rings: in every process, and never for what it missed. */
export function cronLanes(
  schedules: readonly Schedule[],
  deps: { readonly database: Database; readonly ring: (lane: string) => void },
): { kind: LaneKind; start(): void; stop(): Promise<void> } {
  const entries = new Map(schedules.map((schedule) => [`${prefix}:${schedule.name}`, entryOf(schedule, deps.ring)]));

  const findDue = async (db: AnyDb, now: Date): Promise<Map<string, Date>> => {
    const due = new Map<string, Date>();
    for (const [lane, { finder }] of entries) {
      const slot = finder(now);
      if (slot !== null) due.set(lane, slot);
    }
    for (const taken of await findTakenSlots(db, due)) due.delete(taken);
    return due;
  };
  return {
    kind: {
      kind: prefix,
      due: async (db, now) => [...(await findDue(db, now)).keys()],
      async drain(lane, lease) {
        const due = await deps.database.transact({ actor: queueActor }, (ctx) => findDue(ctx.tx, ctx.now));
        const slot = due.get(lane);
        const entry = entries.get(lane);
        if (slot === undefined || entry === undefined) return 'empty';
        await entry.schedule.run(lease, slot);
        await deps.database.transact({ actor: queueActor }, async (ctx) => {
          await lease.guard(ctx);
          await recordSlot(ctx, lane, slot);
        });
        return 'more';
      },
    },
    start() {
      for (const { task } of entries.values()) void task.start();
    },
    async stop() {
      for (const { task } of entries.values()) await task.destroy();
    },
  };
}

type Entry = { readonly schedule: Schedule; readonly task: ScheduledTask; readonly finder: SlotFinder };

function entryOf(schedule: Schedule, ring: (lane: string) => void): Entry {
  if (!validate(schedule.cron) || schedule.cron.trim().split(/\s+/).length !== 5) {
    throw new Fault('invalid', 'queue.bad_cron', { message: `${schedule.name}: not a cron expression of five fields` });
  }
  const options = { timezone: schedule.zone ?? 'UTC', name: schedule.name, unref: true, suppressMissedWarning: true };
  const task = createTask(schedule.cron, () => ring(`${prefix}:${schedule.name}`), options);
  return { schedule, task, finder: slotFinder((minute) => task.match(minute)) };
}
