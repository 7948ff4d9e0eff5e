import { sql, type SQL } from 'drizzle-orm';
import type { OrderId } from '../kernel/index.ts';
import { lockOrders } from '../orders/index.ts';
import { firstRow, list, rows, selection, type AnyDb, type Ctx } from '../platform/db/index.ts';
import type { InvoiceRequestId, SeriesId } from './ids.ts';
import { requestColumns, type RequestRow } from './requests/request-row.ts';
import type { Restarts } from './series-format.ts';

/** Lock order (DESIGN §1.3): orders by id → requests → series by id. */

/** A credit note waits for its invoice's number; a locked series waits for a person. */
const numberable: SQL = sql`
  from invoice_requests r join invoice_series s on s.id = r.series_id and s.state = 'open'
  where r.state = 'due' and (r.kind = 'invoice' or exists (select from invoices i where i.request_id = r.corrects_request_id))`;

/** Whether the lane has work. */
export async function hasDueRequests(db: AnyDb): Promise<boolean> {
  return (await firstRow(db, sql`select 1 ${numberable} limit 1`)) !== null;
}

export type SeriesCounter = {
  readonly id: SeriesId;
  readonly format: string;
  readonly restarts: Restarts;
  readonly period: number;
  readonly lastSerial: number;
  readonly doubtedBefore: Date | null;
};

export type Claim = {
  /** Oldest first. */
  readonly requests: readonly RequestRow[];
  readonly series: ReadonlyMap<SeriesId, SeriesCounter>;
  /** Requests were found, though others may have taken them meanwhile. */
  readonly foundAny: boolean;
};

/** Due requests that can be numbered now, with their orders and series, all locked. */
export async function claimRequests(ctx: Ctx, max: number): Promise<Claim> {
  const found = await rows<{ id: InvoiceRequestId; orderId: OrderId }>(
    ctx.tx,
    sql`select r.id, r.order_id as "orderId" ${numberable} order by r.created_at, r.id limit ${max}`,
  );
  if (found.length === 0) return { requests: [], series: new Map(), foundAny: false };
  await lockOrders(ctx, [...new Set(found.map((row) => row.orderId))]);
  const requests = await rows<RequestRow>(
    ctx.tx,
    sql`select ${selection(requestColumns, 'r')} from invoice_requests r
        where r.id = any(${list(
          'uuid',
          found.map((row) => row.id),
        )}) and r.state = 'due'
        order by r.created_at, r.id for update`,
  );
  const series = await rows<SeriesCounter>(
    ctx.tx,
    sql`select s.id, s.format, s.restarts, s.period, s.last_serial as "lastSerial", s.doubted_before as "doubtedBefore"
        from invoice_series s
        where s.id = any(${list('uuid', new Set(requests.map((request) => request.seriesId)))}) and s.state = 'open'
        order by s.id for update`,
  );
  const counters = new Map(series.map((each) => [each.id, each]));
  return { requests: requests.filter((request) => counters.has(request.seriesId)), series: counters, foundAny: true };
}
