import pg from 'pg';
import type { ConnectorRegistry } from '../../src/channels/index.ts';
import { ChannelFault } from '../../src/connector-kit/index.ts';
import { openReception } from '../../src/inbound/index.ts';
import { Fault, type Clock } from '../../src/kernel/index.ts';
import { sandboxCharacters } from '../../connectors/sandbox/fake/index.ts';
import { sandboxOf } from '../../connectors/sandbox/sandbox-of.ts';
import { wireMarkers } from '../../src/main/markers.ts';
import { openKeyring, type Keyring } from '../../src/platform/crypto/index.ts';
import { openDatabase, type Database, type Marker } from '../../src/platform/db/index.ts';
import type { Log } from '../../src/platform/log/index.ts';
import { openAuditor, type Auditor } from './checks/audit.ts';
import { openDigester, type Digester } from './digest.ts';
import { productLanes, type LaneKindsOf, type ReceptionOf } from './staff.ts';
import { prepareStatements } from './prepare.ts';
import { openWiper, type Wiper } from './wipe.ts';

/** What of the product a run stands on; a planted bug replaces a piece. */
export type Pieces = {
  readonly markers: readonly Marker[];
  readonly lanesOf: LaneKindsOf;
  readonly receptionOf: ReceptionOf;
  readonly connectors: ConnectorRegistry;
};

/** The sandbox in its five characters. */
export const sandboxes: ConnectorRegistry = new Map(
  sandboxCharacters.map((character) => [sandboxOf(character).code, sandboxOf(character)]),
);

/** A migrated database that nobody else uses. */
export type Place = { readonly url: string; readonly readUrl: string | null };

/** A database for many runs, one after the other. */
export type SimulationBench = {
  readonly database: Database;
  readonly pieces: Pieces;
  readonly keyring: Keyring;
  readonly wiper: Wiper;
  readonly digester: Digester;
  readonly auditor: Auditor;
  /** What the run that is going on puts behind the database. */
  readonly current: { clock: Clock; ring: (lane: string) => void; log: Log };
  close(): Promise<void>;
};

export async function openBench({ url, readUrl }: Place, pieces: Partial<Pieces> = {}): Promise<SimulationBench> {
  const connectors = pieces.connectors ?? sandboxes;
  const all: Pieces = {
    connectors,
    lanesOf: productLanes,
    receptionOf: openReception,
    markers: wireMarkers(connectors),
    ...pieces,
  };
  await settle(url);
  const unprepare = prepareStatements();
  const current: SimulationBench['current'] = {
    clock: { now: () => new Date(0), sleep: () => Promise.resolve() },
    ring: () => undefined,
    log: watchfulLog(() => undefined),
  };
  const log = watchfulLog(() => undefined);
  const database = openDatabase({
    url,
    readUrl,
    markers: all.markers,
    log,
    ring: (lane) => current.ring(lane),
    pools: { write: 1, read: 1 },
    clock: { now: () => current.clock.now(), sleep: (ms) => current.clock.sleep(ms) },
  });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`set timezone to 'UTC'`);
  return {
    database,
    pieces: all,
    keyring: openKeyring({ masterKey: new Uint8Array(32).fill(9) }),
    wiper: await openWiper(client),
    digester: await openDigester(client),
    auditor: await openAuditor(client),
    current,
    async close() {
      unprepare();
      await client.end();
      await database.close();
    },
  };
}

/** On tables of a few rows a plan for these very parameters, or one compiled, takes longer than what it saves. */
async function settle(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>('select quote_ident(current_database()) as name');
  const settings = ['plan_cache_mode = force_generic_plan', 'jit = off', 'synchronous_commit = off'];
  for (const { name } of rows) {
    await client.query(settings.map((setting) => `alter database ${name} set ${setting}`).join(';'));
  }
  await client.end();
}

/** Hears errors that nobody planned: neither ours (a Fault) nor a channel's. */
export function watchfulLog(onUnplanned: (message: string) => void): Log {
  const hear = (fields: Readonly<Record<string, unknown>>, message: string): void => {
    const { error } = fields;
    if (error === undefined || error instanceof Fault || error instanceof ChannelFault) return;
    onUnplanned(`${message}: ${error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)}`);
  };
  const log: Log = { debug: () => undefined, info: () => undefined, warn: hear, error: hear, child: () => log };
  return log;
}
