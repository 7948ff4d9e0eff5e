import type { PoolClient } from 'pg';
import * as defaults from '../../../config/defaults.ts';
import { Fault, type Clock } from '../../kernel/index.ts';
import type { Ctx, TransactOptions } from './context.ts';
import { parseInstant } from './instant.ts';
import { markEvents } from './mark-events.ts';
import { silenceMs, socketOf } from './silent-server.ts';
import { isConnectionLost } from './sql-error.ts';
import { transactionClient } from './transaction-client.ts';
import { currentScope, runInScope, type TransactionScope } from './transaction-scope.ts';
import { ringAll, whileContended, type WritingSide } from './writing-side.ts';

/** The body of `Database.transact`; see there. */
export async function transact<Result>(
  side: WritingSide,
  options: TransactOptions,
  work: (ctx: Ctx) => Promise<Result>,
): Promise<Result> {
  if (currentScope() !== null) {
    throw new Fault('internal', 'database.nested_transaction', { message: 'transact was called inside transact' });
  }
  const { result, rings } = await whileContended(side, () => once(side, options, work));
  ringAll(side, rings);
  return result;
}

async function once<Result>(
  side: WritingSide,
  options: TransactOptions,
  work: (ctx: Ctx) => Promise<Result>,
): Promise<{ result: Result; rings: ReadonlySet<string> }> {
  const client = await side.pool.connect();
  const scope: TransactionScope = { open: true, doomedBy: null };
  let unusable = true;
  const { statementTimeoutMs } = options;
  const patient = statementTimeoutMs === undefined ? null : socketOf(client);
  try {
    patient?.setTimeout(silenceMs(statementTimeoutMs ?? 0));
    const now = await begin(client, side.clock, statementTimeoutMs);
    const ctx: Ctx = {
      tx: transactionClient(client, scope),
      actor: options.actor,
      now,
      events: [],
      rings: new Set(),
      log: side.log,
      requestId: options.requestId ?? null,
      because: null,
    };
    const result = await runInScope(scope, async () => {
      const value = await work(ctx);
      await markEvents(ctx, side.markers);
      return value;
    });
    if (scope.doomedBy !== null) throw scope.doomedBy;
    scope.open = false;
    await commit(client);
    unusable = false;
    return { result, rings: ctx.rings };
  } catch (error) {
    scope.open = false;
    unusable = !(await rolledBack(client));
    throw scope.doomedBy ?? error;
  } finally {
    scope.open = false;
    patient?.setTimeout(silenceMs(defaults.statementTimeoutMs));
    client.release(unusable);
  }
}

const askClock = `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now`;

/** BEGIN, the limits and the clock in one round trip. */
async function begin(client: PoolClient, clock: Clock | null, statementTimeoutMs: number | undefined): Promise<Date> {
  const limit =
    statementTimeoutMs === undefined ? '' : `set local statement_timeout = ${Math.ceil(statementTimeoutMs)};`;
  const answer: unknown = await client.query(
    `begin isolation level read committed;${limit}${clock === null ? askClock : ''}`,
  );
  if (clock !== null) return clock.now();
  const last: unknown = Array.isArray(answer) ? answer.at(-1) : answer;
  const text = (last as { rows: { now: string }[] }).rows[0]?.now;
  if (text === undefined) throw new Error('the database did not tell the time');
  return parseInstant(text);
}

/** A COMMIT that loses its connection may or may not have happened; one of an aborted transaction answers ROLLBACK. */
async function commit(client: PoolClient): Promise<void> {
  let command: string;
  try {
    ({ command } = await client.query('commit'));
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    throw new Fault('outcome_unknown', 'database.commit_unknown', { cause: error });
  }
  if (command !== 'COMMIT') {
    throw new Fault('internal', 'database.transaction_aborted', {
      message: 'a statement failed, its error was caught outside a savepoint, and nothing was committed',
    });
  }
}

async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('rollback');
    return true;
  } catch {
    return false;
  }
}
