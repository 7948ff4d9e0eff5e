import { sql } from 'drizzle-orm';
import { newId, type WarehouseId } from '../kernel/index.ts';
import { columnNames, rows, unnest, type ColumnTypes, type Ctx } from '../platform/db/index.ts';
import { waiting, type LockedReturn } from './locks.ts';
import type { Decision, ReturnLineId, ReturnState } from './return-states.ts';

export type LineDecision = {
  readonly returnLineId: ReturnLineId;
  readonly decision: Decision;
  /** Units of the listing, at least 1. */
  readonly quantity: number;
  /** Where restocked units lie from now on; null for the other decisions. */
  readonly warehouseId: WarehouseId | null;
  readonly note: string | null;
};

const decisionColumns = {
  id: 'uuid',
  returnLineId: 'uuid',
  decision: 'text',
  quantity: 'int4',
  warehouseId: 'uuid',
  note: 'text',
} as const satisfies ColumnTypes;

const counterColumns = {
  returnLineId: 'uuid',
  restocked: 'int4',
  scrapped: 'int4',
  notReturned: 'int4',
} as const satisfies ColumnTypes;

type Counters = { restocked: number; scrapped: number; notReturned: number };

const counterOf = { restock: 'restocked', scrap: 'scrapped', none: 'notReturned' } as const;

/** Appends decisions and adds them up on the lines; closes the return when nothing waits any more. */
export async function writeDecisions(
  ctx: Ctx,
  found: LockedReturn,
  decided: readonly LineDecision[],
): Promise<ReturnState> {
  await rows(
    ctx.tx,
    sql`insert into return_decisions (${columnNames(decisionColumns)}, at, actor_kind, actor_id)
        select ${columnNames(decisionColumns)}, ${ctx.now}, ${ctx.actor.kind}, ${ctx.actor.id}
        from ${unnest(
          decisionColumns,
          decided.map((line) => ({ ...line, id: newId<'return_decision'>(ctx.now.getTime()) })),
        )}`,
  );
  await rows(
    ctx.tx,
    sql`update return_lines l set restocked = l.restocked + t.restocked, scrapped = l.scrapped + t.scrapped,
          not_returned = l.not_returned + t.not_returned
        from ${unnest(counterColumns, sums(decided))} where l.id = t.return_line_id`,
  );
  const left = found.lines.reduce((units, line) => units + waiting(line), 0);
  const isDone = decided.reduce((units, line) => units - line.quantity, left) === 0;
  await rows(
    ctx.tx,
    sql`update returns set updated_at = ${ctx.now}, state = ${isDone ? 'decided' : 'open'},
          closed_at = ${isDone ? ctx.now : null}
        where id = ${found.returnId}`,
  );
  return isDone ? 'decided' : 'open';
}

function sums(decided: readonly LineDecision[]): (Counters & { returnLineId: ReturnLineId })[] {
  const byLine = new Map<ReturnLineId, Counters>();
  for (const { returnLineId, decision, quantity } of decided) {
    const counters = byLine.get(returnLineId) ?? { restocked: 0, scrapped: 0, notReturned: 0 };
    counters[counterOf[decision]] += quantity;
    byLine.set(returnLineId, counters);
  }
  return [...byLine].map(([returnLineId, counters]) => ({ returnLineId, ...counters }));
}
