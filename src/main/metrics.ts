import { inboxBacklog } from '../inbound/index.ts';
import type { Clock } from '../kernel/index.ts';
import type { Database } from '../platform/db/index.ts';
import type { Metrics } from '../platform/metrics/index.ts';
import { listLanes, type Queue } from '../platform/queue/index.ts';

/** Gauges that are read when somebody asks for `/metrics`. */
export function addGauges(metrics: Metrics, from: { database: Database; queue: Queue; clock: Clock }): void {
  const { database, queue, clock } = from;
  metrics.addGauge({
    name: 'wharf_queue_waiting_rings',
    help: 'Rings that wait in the queue',
    labels: [],
    read: async () => [{ labels: {}, value: await queue.countWaiting() }],
  });
  metrics.addGauge({
    name: 'wharf_lane_failures',
    help: 'Failures of a lane in a row',
    labels: ['lane'],
    read: async () =>
      (await database.read((db) => listLanes(db, clock.now()))).map(({ name, failures }) => ({
        labels: { lane: name },
        value: failures,
      })),
  });
  metrics.addGauge({
    name: 'wharf_inbox_pending_events',
    help: 'Inbox events that wait to be applied',
    labels: [],
    read: async () => [{ labels: {}, value: (await database.read(inboxBacklog)).pending }],
  });
  metrics.addGauge({
    name: 'wharf_inbox_oldest_pending_seconds',
    help: 'How long the oldest of them has waited',
    labels: [],
    read: async () => {
      const { oldestAt } = await database.read(inboxBacklog);
      const ageMs = oldestAt === null ? 0 : clock.now().getTime() - oldestAt.getTime();
      return [{ labels: {}, value: Math.max(0, ageMs) / 1000 }];
    },
  });
}
