import type { ConnectorRegistry, ShopDeps } from '../../src/channels/index.ts';
import type { Reception } from '../../src/inbound/index.ts';
import { invoicingLaneKind } from '../../src/invoicing/index.ts';
import type { Keyring } from '../../src/platform/crypto/index.ts';
import type { Actor, Database } from '../../src/platform/db/index.ts';
import type { Log } from '../../src/platform/log/index.ts';
import { cronLanes, drainLane, kindOfLane, type Drainer, type LaneKind } from '../../src/platform/queue/index.ts';
import { allocationLane, inboundLane, mappingLane } from '../../src/main/lanes/deployment-lanes.ts';
import { shopLanes } from '../../src/main/lanes/shop-lane.ts';
import { upkeep } from '../../src/main/lanes/upkeep.ts';
import type { VirtualClock } from './clock.ts';
import { databaseOf, type DatabaseFaults } from './database.ts';
import { outgoingOf, type Internet } from './outgoing.ts';
import type { Letter } from './post.ts';
import type { Machine, Process } from './process.ts';

export const hubOrigin = 'https://hub.example';

/** People in the house, and the hands that set up a run. */
export const somebody: Actor = { kind: 'system', id: 'somebody' };

/** What all processes of the simulated deployment stand on. */
export type Ground = {
  readonly real: Database;
  readonly keyring: Keyring;
  readonly connectors: ConnectorRegistry;
  readonly clock: VirtualClock;
  readonly machine: Machine;
  readonly internet: Internet;
  readonly databaseFaults: DatabaseFaults;
  readonly log: Log;
  readonly receptionOf: ReceptionOf;
};

/** A process that serves webhooks. */
export type Server = {
  readonly process: Process;
  readonly receive: Reception;
  /** Webhooks that it was handed and has not answered. */
  readonly letters: Set<Letter>;
};

export type ReceptionOf = (deps: ShopDeps) => Reception;

export function bootServer(ground: Ground, name: string): Server {
  const process = ground.machine.boot(name);
  return { process, receive: ground.receptionOf(depsOf(ground, process)), letters: new Set() };
}

/** A process that drains lanes: the real drain under the real lease, one lane at a time. */
export type SimWorker = {
  readonly process: Process;
  readonly kinds: readonly LaneKind[];
  /** Begins to drain a lane; it goes on as its process is resumed. */
  drain(lane: string): void;
};

export type LaneKindsOf = (deps: ShopDeps) => LaneKind[];

/** Short, as virtual time goes: calls take milliseconds, and clocks jump. */
const leaseMs = 30_000;

export const productLanes: LaneKindsOf = (deps) => [
  inboundLane(deps),
  mappingLane(deps),
  allocationLane(deps),
  invoicingLaneKind(deps),
  shopLanes(deps, hubOrigin),
  cronLanes([upkeep(deps)], { database: deps.database, ring: () => undefined }).kind,
];

export function bootWorker(ground: Ground, name: string, lanesOf: LaneKindsOf): SimWorker {
  const process = ground.machine.boot(name);
  const deps = depsOf(ground, process);
  const kinds = lanesOf(deps);
  const drainer: Drainer = {
    database: deps.database,
    clock: deps.clock,
    log: ground.log,
    metrics: null,
    leaseMs,
    isStopping: () => false,
    held: new Set(),
  };
  return {
    process,
    kinds,
    drain(lane) {
      const kind = kinds.find((each) => each.kind === kindOfLane(lane));
      if (kind === undefined) throw new Error(`no kind drains ${lane}`);
      process.start(`drain ${lane}`, () => drainLane(drainer, kind, lane));
    },
  };
}

function depsOf(ground: Ground, process: Process): ShopDeps {
  const { real, keyring, connectors, clock, internet, databaseFaults, log } = ground;
  return {
    database: databaseOf(process, real, databaseFaults),
    keyring,
    connectors,
    outgoing: outgoingOf(process, internet),
    clock: clock.of(process),
    log,
  };
}
