import type { Database } from '../db/index.ts';
import type { Gauge } from '../metrics/index.ts';
import { queueActor } from './hold-lease.ts';
import { kindOfLane } from './lane-kind.ts';
import type { Queue } from './open-queue.ts';
import { listLanes } from './queries.ts';

/** What `/metrics` says of lanes and rings. Lanes by kind: a lane a shop would be a series a shop. */
export function queueGauges(queue: Pick<Queue, 'countWaiting'>, database: Database): Gauge[] {
  return [
    {
      name: 'wharf_queue_waiting',
      help: 'Rings that wait in the queue',
      labels: [],
      read: async () => [{ labels: {}, value: await queue.countWaiting() }],
    },
    {
      name: 'wharf_lanes',
      help: 'Lanes by kind and state',
      labels: ['kind', 'state'],
      async read() {
        const lanes = await database.transact({ actor: queueActor }, (ctx) => listLanes(ctx.tx, ctx.now));
        const counts = new Map<string, { kind: string; state: string; value: number }>();
        for (const lane of lanes) {
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
