import { sql } from 'drizzle-orm';
import type { OrderId } from '../kernel/index.ts';
import { list, rows, type AnyDb } from '../platform/db/index.ts';
import type { ToldReturn } from './plan-reports.ts';
import type { ToldLines } from './plan-judgement.ts';
import type { ReportState, ReturnId } from './return-states.ts';

export type FoundReport = ToldReturn & {
  readonly orderId: OrderId;
  /** As it was when it was judged; null: it is not judged yet. */
  readonly judged: {
    readonly returnId: ReturnId | null;
    readonly state: ReportState;
    readonly lines: ToldLines;
  } | null;
  readonly hasNewLines: boolean;
};

/** Orders of which the channel tells of a return what was not judged yet, in one statement. */
export async function findReported(db: AnyDb, orderIds: readonly OrderId[]): Promise<OrderId[]> {
  const found = await rows<{ orderId: OrderId }>(
    db,
    sql`select distinct f.order_id as "orderId"
        from order_returns f
        left join return_reports r on r.order_id = f.order_id and r.external_id = f.external_id
        where f.order_id = any(${list('uuid', orderIds)})
          and (r.id is null or r.state <> f.state or r.lines <> f.lines)`,
  );
  return found.map(({ orderId }) => orderId);
}

/** All that the channel tells of returns of these orders, those asked for first before the others. */
export function readToldReturns(db: AnyDb, orderIds: readonly OrderId[]): Promise<FoundReport[]> {
  return rows<FoundReport>(
    db,
    sql`select f.order_id as "orderId", f.external_id as "externalId", f.state, f.reason, f.lines,
               case when r.id is not null
                 then jsonb_build_object('returnId', r.return_id, 'state', r.state, 'lines', r.lines) end as judged,
               r.id is not null and r.lines <> f.lines as "hasNewLines"
        from order_returns f
        left join return_reports r on r.order_id = f.order_id and r.external_id = f.external_id
        where f.order_id = any(${list('uuid', orderIds)})
        order by f.asked_at nulls last, f.external_id`,
  );
}
