import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import type { Clock } from '../../src/kernel/index.ts';
import { openDatabase, type Actor, type Ctx, type Database, type Marker } from '../../src/platform/db/index.ts';
import type { Log } from '../../src/platform/log/index.ts';
import { quietLog } from './quiet-log.ts';

export const systemActor: Actor = { kind: 'system', id: 'test' };

export type TestDatabaseOptions = {
  readonly markers?: readonly Marker[];
  readonly log?: Log;
  readonly clock?: Clock;
  readonly pools?: { readonly write?: number; readonly read?: number };
  /** Also called for every ring; `rings` keeps them anyway. */
  readonly ring?: (lane: string) => void;
};

export type TestDatabase = Database & {
  readonly url: string;
  readonly readUrl: string | null;
  /** Lanes rung after commits, in order. */
  readonly rings: string[];
  /** `transact` as the system. */
  run<Result>(work: (ctx: Ctx) => Promise<Result>): Promise<Result>;
};

/** A copy of the template for one test or one benchmark; `close` drops it. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { adminUrl, template, reader } = inject('cluster');
  const name = `wharf_test_${randomBytes(6).toString('hex')}`;
  // Without fsync a copy of files costs half of a copy through the WAL.
  await administer(adminUrl, `create database ${name} template ${template} strategy file_copy`);
  const url = withDatabase(adminUrl, name);
  const readUrl = reader === null ? null : withLogin(url, reader);
  const rings: string[] = [];
  const database = openDatabase({
    url,
    readUrl,
    markers: options.markers ?? [],
    log: options.log ?? quietLog,
    ring(lane) {
      rings.push(lane);
      options.ring?.(lane);
    },
    pools: { write: 4, read: 2, ...options.pools },
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  return {
    ...database,
    url,
    readUrl,
    rings,
    run: (work) => database.transact({ actor: systemActor }, work),
    async close() {
      await database.close();
      await administer(adminUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

/** A copy of the template for the tests of this file or `describe`: made before the first, dropped after the last. */
export function useDatabase(options: TestDatabaseOptions = {}): TestDatabase {
  let opened: TestDatabase | null = null;
  beforeAll(async () => {
    opened = await createTestDatabase(options);
  });
  afterAll(() => opened?.close());
  const ready = (): TestDatabase => {
    if (opened === null) throw new Error('useDatabase is ready inside tests and hooks, not while they are collected');
    return opened;
  };
  return {
    get url() {
      return ready().url;
    },
    get readUrl() {
      return ready().readUrl;
    },
    get rings() {
      return ready().rings;
    },
    run: (work) => ready().run(work),
    transact: (transactOptions, work) => ready().transact(transactOptions, work),
    store: (statement) => ready().store(statement),
    read: (work) => ready().read(work),
    snapshot: (work) => ready().snapshot(work),
    pools: () => ready().pools(),
    close: () => ready().close(),
  };
}

/** The cluster's own URL and an empty database in it: for tests of migrations. `drop` removes it. */
export async function createEmptyDatabase(): Promise<{ url: string; adminUrl: string; drop: () => Promise<void> }> {
  const { adminUrl } = inject('cluster');
  const name = `wharf_empty_${randomBytes(6).toString('hex')}`;
  await administer(adminUrl, `create database ${name}`);
  return {
    url: withDatabase(adminUrl, name),
    adminUrl,
    drop: () => administer(adminUrl, `drop database if exists ${name} with (force)`),
  };
}

/** One statement on a connection of its own, as the owner of the cluster. */
export async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

function withLogin(url: string, login: { user: string; password: string }): string {
  const changed = new URL(url);
  changed.username = login.user;
  changed.password = login.password;
  return changed.href;
}
