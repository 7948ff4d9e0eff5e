import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { Log } from '../log/index.ts';
import type { PreparedStatement } from './prepare.ts';

/** Who acts. `scopes` of people and tokens; the system's own drains act as `system` and may do everything. */
export type Actor =
  | { readonly kind: 'system'; readonly id: string }
  | { readonly kind: 'token'; readonly id: string; readonly name: string; readonly scopes: readonly string[] };

/** The writing side: drizzle over `pg`. Only `platform/db` touches its `execute`; verbs use `rows` and `list`. */
export type Tx = NodePgDatabase;

/** The reading side: drizzle over postgres.js, logged in as a role that has SELECT only. */
export type ReadDb = PostgresJsDatabase;

/** Either side, for queries that lists and verbs share. */
export type AnyDb = Tx | ReadDb;

/** A fact in the past tense, collected while a transaction runs (`stock.changed`, `order.placed`). Each slice types its own. */
export type DomainEvent = { readonly kind: string };

/** What a verb is handed. `now` is Postgres's clock, read by the first statement of the transaction. */
export type Ctx = {
  readonly tx: Tx;
  readonly actor: Actor;
  readonly now: Date;
  /** Emptied when the transaction is tried again. */
  readonly events: DomainEvent[];
  /** Names of lanes to ring after the commit. Emptied when the transaction is tried again. */
  readonly rings: Set<string>;
  readonly log: Log;
  readonly requestId: string | null;
  /** Set when a verb is called by another slice on behalf of its own: the outer verb has authorised. */
  readonly because: string | null;
};

type MarkerOf = { readonly name: string; readonly kinds: readonly string[] };

/**
 * Turns events into due work, set-based, inside the transaction and before its commit: bumps wanted versions, writes due
 * rows, names lanes in `ctx.rings`. Never calls anything foreign. Wired in `main/`.
 */
export type WritingMarker = MarkerOf & { mark(ctx: Ctx, events: readonly DomainEvent[]): Promise<void> };

/** One that only names lanes, whose work is due by the rows of the fact itself. */
export type RingingMarker = MarkerOf & { lanesOf(events: readonly DomainEvent[]): Iterable<string> };

export type Marker = WritingMarker | RingingMarker;

export type TransactOptions = {
  readonly actor: Actor;
  readonly requestId?: string;
  /** Longest single statement, for work that has its own limit. */
  readonly statementTimeoutMs?: number;
};

export type LoneStatement<Row> = {
  readonly statement: PreparedStatement;
  /** By the names of its placeholders. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What it may raise: kinds that concern another marker are refused before anything is stored. */
  readonly kinds: readonly string[];
  readonly raises: (rows: readonly Row[]) => readonly DomainEvent[];
};

export type Database = {
  /** Runs `work` in one READ COMMITTED transaction; retries 40001, 40P01 and 55P03 at most 5 times with jitter. */
  transact<Result>(options: TransactOptions, work: (ctx: Ctx) => Promise<Result>): Promise<Result>;
  /**
   * One statement that is a transaction of its own, for a door where each way to Postgres and back counts: returns its rows.
   * What it raises may concern markers that ring, no others. Retries as `transact`.
   */
  store<Row>(statement: LoneStatement<Row>): Promise<Row[]>;
  /** Runs `work` on the reading side. A write there is refused by the database. */
  read<Result>(work: (db: ReadDb) => Promise<Result>): Promise<Result>;
  /** Several reads that must agree: one REPEATABLE READ, READ ONLY transaction as the reader, statements up to 2 minutes. */
  snapshot<Result>(work: (db: Tx) => Promise<Result>): Promise<Result>;
  /** What the pools of this process are doing now. */
  pools(): readonly PoolFacts[];
  close(): Promise<void>;
};

export type PoolFacts = {
  readonly pool: 'write' | 'read' | 'snapshot';
  /** Connections at work, and those that could serve at once: together the size of the pool. */
  readonly busy: number;
  readonly idle: number;
  /** Work that waits for a connection. */
  readonly waiting: number;
};
