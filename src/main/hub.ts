import { join } from 'node:path';
import type { Env } from '../../config/env.ts';
import type { ConnectorRegistry, ShopDeps } from '../channels/index.ts';
import { systemClock } from '../kernel/index.ts';
import { backlogSchedule } from '../doctor/index.ts';
import { invoicingLaneKind } from '../invoicing/index.ts';
import { sealLane } from '../platform/audit/index.ts';
import { loadOrCreateMasterKey, openKeyring } from '../platform/crypto/index.ts';
import { openDatabase } from '../platform/db/index.ts';
import { createOutgoing, type ScrapeRule } from '../platform/http/index.ts';
import type { Log } from '../platform/log/index.ts';
import { createMetrics, type Metrics } from '../platform/metrics/index.ts';
import { kindOfLane, openQueue, type Queue, type Worker } from '../platform/queue/index.ts';
import { auditHeadsFile } from './audit-heads-file.ts';
import { connectors as allConnectors } from './connectors.ts';
import { allocationLane, inboundLane, mappingLane } from './lanes/deployment-lanes.ts';
import { shopLanes } from './lanes/shop-lane.ts';
import { upkeep } from './lanes/upkeep.ts';
import { wireMarkers } from './markers.ts';
import { addGauges } from './metrics.ts';
import { backupSchedules } from './recovery/backup-schedules.ts';
import { recoveryNote } from './recovery/recovery-note.ts';

export type HubOptions = {
  readonly env: Env;
  readonly databaseUrl: string;
  readonly readUrl: string | null;
  readonly log: Log;
  readonly connectors?: ConnectorRegistry;
  /** Beside WHARF_PRIVATE_ORIGINS: the demo's own shop. */
  readonly privateOrigins?: readonly string[];
  /** Whether its worker takes the backups of WHARF_BACKUP_CRON. Absent: no. */
  readonly takesBackups?: boolean;
};

/** Everything a process of Wharf holds open. Composition only: what is wired to what stands here and nowhere else. */
export type Hub = {
  readonly deps: ShopDeps;
  readonly databaseUrl: string;
  readonly queue: Queue;
  readonly env: Env;
  readonly metrics: Metrics;
  /** Who may read them. */
  readonly scrape: ScrapeRule;
  /** Starts to drain lanes in this process. `publicOrigin` is where channels find it when PUBLIC_URL is not set. */
  work(options?: { publicOrigin?: string; sweepIntervalMs?: number; leaseMs?: number }): Promise<Worker>;
  close(): Promise<void>;
};

export async function openHub(options: HubOptions): Promise<Hub> {
  const { env, log } = options;
  const connectors = options.connectors ?? allConnectors;
  const metrics = createMetrics();
  const queue = await openQueue({ redisUrl: env.redisUrl, databaseUrl: options.databaseUrl, log });
  const database = openDatabase({
    url: options.databaseUrl,
    readUrl: options.readUrl,
    markers: wireMarkers(connectors),
    log,
    ring(lane) {
      metrics.countRing(kindOfLane(lane));
      queue.ring(lane);
    },
  });
  const masterKey = loadOrCreateMasterKey({ env: env.masterKey ?? undefined, file: join(env.varDir, 'master.key') });
  const deps: ShopDeps = {
    database,
    connectors,
    keyring: openKeyring({ masterKey }),
    outgoing: createOutgoing({ privateOrigins: [...env.privateOrigins, ...(options.privateOrigins ?? [])] }),
    clock: systemClock,
    log,
    metrics,
  };
  addGauges(metrics, { database, queue });
  const backups = options.takesBackups === true ? backupSchedules(deps, env, options.databaseUrl) : [];
  const workers: Worker[] = [];
  return {
    deps,
    databaseUrl: options.databaseUrl,
    queue,
    env,
    metrics,
    scrape: { token: env.metricsToken, isPublic: env.publicUrl !== null },
    async work({ publicOrigin, ...timing } = {}) {
      const note = await recoveryNote(database);
      if (note !== null) log.warn({ code: 'recovery.pending' }, note);
      const worker = await queue.work({
        ...timing,
        kinds: [
          inboundLane(deps),
          mappingLane(deps),
          allocationLane(deps),
          invoicingLaneKind(deps),
          shopLanes(deps, env.publicUrl ?? publicOrigin ?? null),
          sealLane({ ...deps, headsFile: auditHeadsFile(env, options.databaseUrl) }),
        ],
        schedules: [upkeep(deps), backlogSchedule(deps), ...backups],
        database,
        clock: deps.clock,
        metrics,
      });
      workers.push(worker);
      return worker;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      await queue.close();
      await database.close();
      await deps.outgoing.close();
    },
  };
}
