import { sql } from 'drizzle-orm';
import { Fault } from '../../src/kernel/index.ts';
import type { Ctx, Database, LoneStatement, TransactOptions, Tx } from '../../src/platform/db/index.ts';
import type { Chance } from './chance.ts';
import type { FaultKind, Faults } from './faults.ts';
import type { Process } from './process.ts';

export type DatabaseFaults = { readonly faults: Faults; readonly chance: Chance };

/** The real database as one process sees it: it waits at the door of each transaction, and some of them go wrong. */
export function databaseOf(process: Process, real: Database, with_: DatabaseFaults): Database {
  return {
    ...real,
    transact: (options, work) => process.pass(`transact ${options.actor.id}`, () => faulty(real, with_, options, work)),
    store: (statement) => process.pass('store', () => faultyStore(real, with_, statement)),
    read: (work) => process.pass('read', () => real.read(work)),
    snapshot: (work) => process.pass('snapshot', () => real.snapshot(work)),
  };
}

const statementsHitMax = 8;

async function faulty<Result>(
  real: Database,
  { faults, chance }: DatabaseFaults,
  options: TransactOptions,
  work: (ctx: Ctx) => Promise<Result>,
): Promise<Result> {
  const kind = faults.oneOf({
    'transaction.serialization_failure': 0.01,
    'transaction.deadlock': 0.01,
    'transaction.connection_lost': 0.01,
    'transaction.committed_unheard': 0.01,
    'transaction.undone_unheard': 0.015,
  });
  if (kind === null) return real.transact(options, work);
  if (kind === 'transaction.committed_unheard') {
    await real.transact(options, work);
    throw unheard();
  }
  const at = 1 + chance.int(statementsHitMax);
  // More than the retries there are: now and then the caller sees it.
  let hits = chance.is(0.1) ? 9 : 1 + chance.int(3);
  return real.transact(options, async (ctx) => {
    if (kind === 'transaction.undone_unheard') {
      await work(ctx);
      throw unheard();
    }
    if (hits === 0) return work(ctx);
    hits -= 1;
    const struck = strikeAt(ctx.tx, at, kind);
    const result = await work({ ...ctx, tx: struck.tx });
    await struck.atTheLatest();
    return result;
  });
}

async function faultyStore<Row>(
  real: Database,
  { faults }: DatabaseFaults,
  statement: LoneStatement<Row>,
): Promise<Row[]> {
  const kind = faults.oneOf({ 'transaction.committed_unheard': 0.01, 'transaction.undone_unheard': 0.015 });
  if (kind === 'transaction.undone_unheard') throw unheard();
  const found = await real.store(statement);
  if (kind === 'transaction.committed_unheard') throw unheard();
  return found;
}

function unheard(): Fault {
  return new Fault('outcome_unknown', 'database.commit_unknown');
}

const strikes: Partial<Record<FaultKind, ReturnType<typeof sql>>> = {
  'transaction.serialization_failure': sql`do $$ begin raise exception 'struck' using errcode = '40001'; end $$`,
  'transaction.deadlock': sql`do $$ begin raise exception 'struck' using errcode = '40P01'; end $$`,
  'transaction.connection_lost': sql`select pg_terminate_backend(pg_backend_pid())`,
};

/** Before its nth statement the transaction meets a real error of the server. */
function strikeAt(tx: Tx, at: number, kind: FaultKind): { tx: Tx; atTheLatest(): Promise<void> } {
  const strike = strikes[kind];
  if (strike === undefined) throw new Error(`no strike for ${kind}`);
  let left = at;
  const hit = async (): Promise<void> => void (await tx.execute(strike));
  const struck: Tx = Object.create(tx, {
    execute: {
      value: async (query: Parameters<Tx['execute']>[0]) => {
        left -= 1;
        if (left === 0) await hit();
        return tx.execute(query);
      },
    },
  });
  return { tx: struck, atTheLatest: async () => (left > 0 ? hit() : undefined) };
}
