import { sql, type SQL } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Fault } from '../../kernel/index.ts';
import type { DomainEvent, LoneStatement, RingingMarker } from './context.ts';
import { rows } from './rows.ts';
import { isConnectionLost } from './sql-error.ts';
import { currentScope } from './transaction-scope.ts';
import { ringAll, whileContended, type WritingSide } from './writing-side.ts';

/** The body of `Database.store`; see there. */
export async function store<Row>(side: WritingSide, statement: LoneStatement<Row>): Promise<Row[]> {
  if (currentScope() !== null) {
    throw new Fault('internal', 'database.nested_transaction', { message: 'store was called inside transact' });
  }
  const found = await whileContended(side, () => once<Row>(side, statement.sql(clockOf(side))));
  ringAll(side, lanesOf(side, statement.raises(found)));
  return found;
}

async function once<Row>(side: WritingSide, statement: SQL): Promise<Row[]> {
  const client = await side.pool.connect();
  let unusable = true;
  try {
    const found = await rows<Row>(drizzle(client), statement);
    unusable = false;
    return found;
  } catch (error) {
    unusable = isConnectionLost(error);
    // It may have been committed before its answer was lost.
    if (unusable) throw new Fault('outcome_unknown', 'database.commit_unknown', { cause: error });
    throw error;
  } finally {
    client.release(unusable);
  }
}

function clockOf({ clock }: WritingSide): SQL {
  return clock === null ? sql`date_trunc('milliseconds', statement_timestamp())` : sql`${clock.now()}::timestamptz`;
}

function lanesOf({ markers }: WritingSide, events: readonly DomainEvent[]): Set<string> {
  const lanes = new Set<string>();
  for (const marker of markers) {
    const wanted = events.filter(({ kind }) => marker.kinds.includes(kind));
    if (wanted.length === 0) continue;
    if ('mark' in marker) throw new Error(`the marker ${marker.name} needs a transaction`);
    for (const lane of (marker satisfies RingingMarker).lanesOf(wanted)) lanes.add(lane);
  }
  return lanes;
}
