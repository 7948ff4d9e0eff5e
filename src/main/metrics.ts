import { inboxBacklog } from '../inbound/index.ts';
import type { Clock } from '../kernel/index.ts';
import type { Database } from '../platform/db/index.ts';
import type { Metrics } from '../platform/metrics/index.ts';
import { queueGauges, type Queue } from '../platform/queue/index.ts';

/** Gauges that are read when somebody asks for `/metrics`. */
export function addGauges(metrics: Metrics, from: { database: Database; queue: Queue; clock: Clock }): void {
  const { database, queue, clock } = from;
  for (const gauge of queueGauges(queue, database)) metrics.addGauge(gauge);
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
