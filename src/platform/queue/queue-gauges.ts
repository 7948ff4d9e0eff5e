import { figuresKeptMs } from '../../../config/defaults.ts';
import { clockOf, type Database } from '../db/index.ts';
import { cached, type Gauge } from '../metrics/index.ts';
import { kindOfLane } from './lane-kind.ts';
import type { Queue } from './open-queue.ts';
import { listLanes } from './queries.ts';

/** What `/metrics` says of lanes and rings. Lanes by kind: a lane a shop would be a series a shop. */
export function queueGauges(queue: Pick<Queue, 'countWaiting'>, database: Database): Gauge[] {
  const countWaiting = cached(() => queue.countWaiting(), figuresKeptMs);
  const lanes = cached(() => database.read(async (db) => listLanes(db, await clockOf(db))), figuresKeptMs);
  return [
    {
      name: 'wharf_queue_waiting',
      help: 'Rings that wait in the queue',
      labels: [],
      read: async () => [{ labels: {}, value: await countWaiting() }],
    },
    {
      name: 'wharf_lanes',
      help: 'Lanes by kind and state',
      labels: ['kind', 'state'],
      async read() {
        const counts = new Map<string, { kind: string; state: string; value: number }>();
        for (const lane of await lanes()) {
          const kind = kindOfLane(lane.name);
          const state = lane.isPaused ? 'paused' : lane.failures > 0 ? 'failing' : lane.isHeld ? 'held' : 'idle';
          const count = counts.get(`${kind} ${state}`) ?? { kind, state, value: 0 };
          counts.set(`${kind} ${state}`, { ...count, value: count.value + 1 });
        }
        return [...counts.values()].map(({ kind, state, value }) => ({ labels: { kind, state }, value }));
      },
    },
  ];
}
