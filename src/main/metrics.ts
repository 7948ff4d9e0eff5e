import { figureGauges } from '../doctor/index.ts';
import { lastGoodBackup } from '../platform/backup/index.ts';
import type { Database } from '../platform/db/index.ts';
import type { Metrics } from '../platform/metrics/index.ts';
import { queueGauges, type Queue } from '../platform/queue/index.ts';
import { version } from './version.ts';

/** Gauges that are read when somebody asks for `/metrics`. */
export function addGauges(metrics: Metrics, from: { database: Database; queue: Pick<Queue, 'countWaiting'> }): void {
  const { database, queue } = from;
  for (const gauge of [...queueGauges(queue, database), ...figureGauges(database)]) metrics.addGauge(gauge);
  metrics.addGauge({
    name: 'wharf_db_pool_connections',
    help: 'Connections of this process by pool: busy, and idle (could serve at once); together the size of the pool',
    labels: ['pool', 'state'],
    read: () =>
      database.pools().flatMap(({ pool, busy, idle }) => [
        { labels: { pool, state: 'busy' }, value: busy },
        { labels: { pool, state: 'idle' }, value: idle },
      ]),
  });
  metrics.addGauge({
    name: 'wharf_db_pool_waiting',
    help: 'Work of this process that waits for a connection',
    labels: ['pool'],
    read: () => database.pools().map(({ pool, waiting }) => ({ labels: { pool }, value: waiting })),
  });
  metrics.addGauge({
    name: 'wharf_backup_age_seconds',
    help: 'How old what the newest good backup holds is; absent where there is none',
    labels: [],
    read: () =>
      database.transact({ actor: { kind: 'system', id: 'metrics' } }, async (ctx) => {
        const last = await lastGoodBackup(ctx.tx);
        return last === null ? [] : [{ labels: {}, value: (ctx.now.getTime() - last.startedAt.getTime()) / 1000 }];
      }),
  });
  metrics.addGauge({
    name: 'wharf_build_info',
    help: 'The version of this program; always 1',
    labels: ['version'],
    read: () => [{ labels: { version }, value: 1 }],
  });
}
