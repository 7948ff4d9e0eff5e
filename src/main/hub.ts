import { join } from 'node:path';
import type { Env } from '../../config/env.ts';
import type { ConnectorRegistry, ShopDeps } from '../channels/index.ts';
import { systemClock } from '../kernel/index.ts';
import { loadOrCreateMasterKey, openKeyring } from '../platform/crypto/index.ts';
import { openDatabase } from '../platform/db/index.ts';
import { createOutgoing } from '../platform/http/index.ts';
import type { Log } from '../platform/log/index.ts';
import { createMetrics, type Metrics } from '../platform/metrics/index.ts';
import { openQueue, type Queue, type Worker } from '../platform/queue/index.ts';
import { connectors as allConnectors } from './connectors.ts';
import { allocationLane, inboundLane, mappingLane } from './lanes/deployment-lanes.ts';
import { shopLanes } from './lanes/shop-lane.ts';
import { upkeep } from './lanes/upkeep.ts';
import { wireMarkers } from './markers.ts';
import { addGauges } from './metrics.ts';

export type HubOptions = {
  readonly env: Env;
  readonly databaseUrl: string;
  readonly readUrl: string | null;
  readonly log: Log;
  readonly connectors?: ConnectorRegistry;
  /** Beside WHARF_PRIVATE_ORIGINS: the demo's own shop. */
  readonly privateOrigins?: readonly string[];
};

/** Everything a process of Wharf holds open. Composition only: what is wired to what stands here and nowhere else. */
export type Hub = {
  readonly deps: ShopDeps;
  readonly queue: Queue;
  readonly metrics: Metrics;
  /** Starts to drain lanes in this process. `publicOrigin` is where channels find it when PUBLIC_URL is not set. */
  work(options?: { publicOrigin?: string; sweepIntervalMs?: number; leaseMs?: number }): Promise<Worker>;
  close(): Promise<void>;
};

export async function openHub(options: HubOptions): Promise<Hub> {
  const { env, log } = options;
  const connectors = options.connectors ?? allConnectors;
  const queue = await openQueue({ redisUrl: env.redisUrl, databaseUrl: options.databaseUrl, log });
  const database = openDatabase({
    url: options.databaseUrl,
    readUrl: options.readUrl,
    markers: wireMarkers(connectors),
    log,
    ring: (lane) => queue.ring(lane),
  });
  const masterKey = loadOrCreateMasterKey({ env: env.masterKey ?? undefined, file: join(env.varDir, 'master.key') });
  const deps: ShopDeps = {
    database,
    connectors,
    keyring: openKeyring({ masterKey }),
    outgoing: createOutgoing({ privateOrigins: [...env.privateOrigins, ...(options.privateOrigins ?? [])] }),
    clock: systemClock,
    log,
  };
  const metrics = createMetrics();
  addGauges(metrics, { database, queue, clock: deps.clock });
  const workers: Worker[] = [];
  return {
    deps,
    queue,
    metrics,
    async work({ publicOrigin, ...timing } = {}) {
      const worker = await queue.work({
        ...timing,
        kinds: [
          inboundLane(deps),
          mappingLane(deps),
          allocationLane(deps),
          shopLanes(deps, env.publicUrl ?? publicOrigin ?? null),
        ],
        schedules: [upkeep(deps)],
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
