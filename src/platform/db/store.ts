import pg from 'pg';
import { Fault } from '../../kernel/index.ts';
import type { DomainEvent, LoneStatement, RingingMarker } from './context.ts';
import type { BoundStatement } from './prepare.ts';
import { rowsOf } from './rows.ts';
import { isConnectionLost } from './sql-error.ts';
import { currentScope } from './transaction-scope.ts';
import { ringAll, whileContended, type WritingSide } from './writing-side.ts';

/** The body of `Database.store`; see there. */
export async function store<Row>(side: WritingSide, statement: LoneStatement<Row>): Promise<Row[]> {
  if (currentScope() !== null) {
    throw new Fault('internal', 'database.nested_transaction', { message: 'store was called inside transact' });
  }
  const ringers = ringersOf(side, statement.kinds);
  const bound = statement.statement.bind(statement.values, side.clock?.now() ?? null);
  const found = await whileContended(side, () => once<Row>(side, bound));
  ringAll(side, lanesOf(ringers, statement.raises(found)));
  return found;
}

async function once<Row>(side: WritingSide, bound: BoundStatement): Promise<Row[]> {
  const client = await side.pool.connect();
  let unusable = true;
  try {
    const found = rowsOf<Row>(await client.query({ ...bound, types }));
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

/** As drizzle asks for them: what `rowsOf` reads as text stays text. */
const textual = new Set([1082, 1114, 1115, 1182, 1184, 1185, 1186, 1187, 1231]);
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    textual.has(oid) ? (text: unknown) => text : pg.types.getTypeParser(oid, format),
};

function ringersOf({ markers }: WritingSide, kinds: readonly string[]): RingingMarker[] {
  return markers.flatMap((marker) => {
    if (!marker.kinds.some((kind) => kinds.includes(kind))) return [];
    if ('mark' in marker) throw new Error(`the marker ${marker.name} needs a transaction`);
    return [marker];
  });
}

function lanesOf(ringers: readonly RingingMarker[], events: readonly DomainEvent[]): Set<string> {
  const lanes = ringers.flatMap((marker) => {
    const wanted = events.filter(({ kind }) => marker.kinds.includes(kind));
    return wanted.length === 0 ? [] : [...marker.lanesOf(wanted)];
  });
  return new Set(lanes);
}
