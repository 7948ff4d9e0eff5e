import { sql } from 'drizzle-orm';
import { groupBy, type OrderId } from '../kernel/index.ts';
import { list, rows, type AnyDb } from '../platform/db/index.ts';
import { waiting, type LockedLine, type LockedReturn } from './locks.ts';

export type StandingReturn = Omit<LockedReturn, 'reason'> & {
  /** The channel reports it, too, and has not cancelled it. */
  readonly isReported: boolean;
};

/** Returns of these orders that are not withdrawn, the oldest first. */
export async function readStandingReturns(db: AnyDb, orderIds: readonly OrderId[]): Promise<StandingReturn[]> {
  const found = await rows<Omit<StandingReturn, 'lines'> & LockedLine>(
    db,
    sql`select r.id as "returnId", r.number, r.order_id as "orderId", r.shop_id as "shopId", r.source, r.state,
               exists (select from return_reports p where p.return_id = r.id and p.state <> 'cancelled') as "isReported",
               l.id as "returnLineId", l.order_line_id as "orderLineId", l.quantity, l.restocked, l.scrapped,
               l.not_returned as "notReturned"
        from returns r join return_lines l on l.return_id = r.id
        where r.order_id = any(${list('uuid', orderIds)}) and r.state <> 'withdrawn'
        order by r.number, l.id`,
  );
  return [...groupBy(found, (row) => row.returnId).values()].flatMap((lines) => {
    const [head] = lines;
    return head === undefined ? [] : [{ ...head, lines }];
  });
}

export function isUntouched({ state, lines }: Pick<StandingReturn, 'state' | 'lines'>): boolean {
  return state === 'open' && lines.every((line) => waiting(line) === line.quantity);
}
