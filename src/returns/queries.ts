import { sql, type SQL } from 'drizzle-orm';
import {
  decodeCursor,
  groupBy,
  toPage,
  type OrderId,
  type Page,
  type PageRequest,
  type ShopId,
  type WarehouseId,
} from '../kernel/index.ts';
import { list, rows, type AnyDb } from '../platform/db/index.ts';
import { readKnownRefunds, type KnownRefund } from './known-refunds.ts';
import { waiting, type LockedLine } from './locks.ts';
import type { Decision, ReportState, ReturnId, ReturnLineId, ReturnSource, ReturnState } from './return-states.ts';

export type ReturnItem = {
  readonly returnId: ReturnId;
  readonly number: number;
  readonly orderId: OrderId;
  readonly orderNumber: number;
  readonly externalNumber: string;
  readonly shopId: ShopId;
  readonly source: ReturnSource;
  readonly state: ReturnState;
  readonly reason: string;
  readonly currency: string;
  /** Units of listings, and how many of them wait for a decision. */
  readonly units: number;
  readonly waitingUnits: number;
  readonly createdAt: Date;
  readonly closedAt: Date | null;
};

export type ReturnLineDetail = LockedLine & {
  readonly title: string;
  readonly skuCode: string | null;
  readonly waiting: number;
};

export type DecisionDetail = {
  readonly returnLineId: ReturnLineId;
  readonly at: Date;
  readonly decision: Decision;
  readonly quantity: number;
  readonly warehouseId: WarehouseId | null;
  readonly warehouseCode: string | null;
  readonly note: string | null;
  readonly actorKind: string;
  readonly actorId: string;
};

export type RefundDetail = Omit<KnownRefund, 'orderId' | 'returnId'> & {
  /** What the open exception of a refused one says to do; null where there is none. */
  readonly nextStep: string | null;
};

/** The return as the channel shows it. */
export type ReportDetail = {
  readonly externalId: string;
  readonly state: ReportState;
  readonly reason: string | null;
  readonly askedAt: Date | null;
};

export type ReturnDetail = ReturnItem & {
  readonly lines: readonly ReturnLineDetail[];
  readonly decisions: readonly DecisionDetail[];
  readonly reports: readonly ReportDetail[];
  readonly refunds: readonly RefundDetail[];
};

export type ReturnFilters = {
  readonly state?: ReturnState;
  readonly shopId?: ShopId;
  readonly orderId?: OrderId;
};

const columns = sql`r.id as "returnId", r.number, r.order_id as "orderId", o.number as "orderNumber",
  o.external_number as "externalNumber", r.shop_id as "shopId", r.source, r.state, r.reason, o.currency,
  (select coalesce(sum(l.quantity), 0)::int8 from return_lines l where l.return_id = r.id) as units,
  case when r.state = 'open' then (
    select coalesce(sum(l.quantity - l.restocked - l.scrapped - l.not_returned), 0)::int8
    from return_lines l where l.return_id = r.id) else 0 end as "waitingUnits",
  r.created_at as "createdAt", r.closed_at as "closedAt"`;

/** Returns, the newest first. */
export async function listReturns(
  db: AnyDb,
  page: PageRequest,
  filters: ReturnFilters = {},
): Promise<Page<ReturnItem>> {
  const [at, id] = page.after === null ? [null, null] : decodeCursor(page.after, 2);
  const conditions: SQL[] = [sql`(${id}::uuid is null or (r.created_at, r.id) < (${at}::timestamptz, ${id}::uuid))`];
  if (filters.state !== undefined) conditions.push(sql`r.state = ${filters.state}`);
  if (filters.shopId !== undefined) conditions.push(sql`r.shop_id = ${filters.shopId}`);
  if (filters.orderId !== undefined) conditions.push(sql`r.order_id = ${filters.orderId}`);
  const found = await rows<ReturnItem & { key: string }>(
    db,
    sql`select ${columns}, r.created_at::text as key from returns r join orders o on o.id = r.order_id
        where ${sql.join(conditions, sql` and `)}
        order by r.created_at desc, r.id desc limit ${page.limit + 1}`,
  );
  const { items, next } = toPage(found, page.limit, (row) => [row.key, row.returnId]);
  return { items: items.map(({ key: _key, ...item }) => item), next };
}

export async function getReturn(db: AnyDb, returnId: ReturnId): Promise<ReturnDetail | null> {
  const [found] = await readReturns(db, sql`r.id = ${returnId}`);
  return found ?? null;
}

/** By the number that people see. */
export async function findReturn(db: AnyDb, number: number): Promise<ReturnDetail | null> {
  const [found] = await readReturns(db, sql`r.number = ${number}`);
  return found ?? null;
}

/** All returns of an order, whole, the oldest first. */
export function listReturnsOfOrder(db: AnyDb, orderId: OrderId): Promise<ReturnDetail[]> {
  return readReturns(db, sql`r.order_id = ${orderId}`);
}

async function readReturns(db: AnyDb, condition: SQL): Promise<ReturnDetail[]> {
  const heads = await rows<ReturnItem>(
    db,
    sql`select ${columns} from returns r join orders o on o.id = r.order_id where ${condition} order by r.number`,
  );
  if (heads.length === 0) return [];
  const ids = list(
    'uuid',
    heads.map(({ returnId }) => returnId),
  );
  const lines = await rows<LockedLine & { returnId: ReturnId; title: string; skuCode: string | null }>(
    db,
    sql`select l.return_id as "returnId", l.id as "returnLineId", l.order_line_id as "orderLineId", o.title,
               o.sku_code as "skuCode", l.quantity, l.restocked, l.scrapped, l.not_returned as "notReturned"
        from return_lines l join order_lines o on o.id = l.order_line_id
        where l.return_id = any(${ids}) order by o.position, l.id`,
  );
  const decided = await rows<DecisionDetail & { returnId: ReturnId }>(
    db,
    sql`select l.return_id as "returnId", d.return_line_id as "returnLineId", d.at, d.decision, d.quantity,
               d.warehouse_id as "warehouseId", w.code as "warehouseCode", d.note, d.actor_kind as "actorKind",
               d.actor_id as "actorId"
        from return_decisions d join return_lines l on l.id = d.return_line_id
        left join warehouses w on w.id = d.warehouse_id
        where l.return_id = any(${ids}) order by d.at, d.id`,
  );
  const reports = await rows<ReportDetail & { returnId: ReturnId }>(
    db,
    sql`select p.return_id as "returnId", p.external_id as "externalId", p.state, f.reason, f.asked_at as "askedAt"
        from return_reports p
        left join order_returns f on f.order_id = p.order_id and f.external_id = p.external_id
        where p.return_id = any(${ids}) order by p.created_at, p.id`,
  );
  const refunds = await readKnownRefunds(
    db,
    heads.map(({ orderId }) => orderId),
  );
  const nextSteps = await readNextSteps(db, refunds);
  const linesOf = groupBy(lines, (line) => line.returnId);
  const decidedOf = groupBy(decided, (decision) => decision.returnId);
  const reportsOf = groupBy(reports, (report) => report.returnId);
  const refundsOf = groupBy(refunds, (refund) => refund.returnId);
  return heads.map((head) => ({
    ...head,
    lines: (linesOf.get(head.returnId) ?? []).map(({ returnId: _, ...line }) => ({ ...line, waiting: waiting(line) })),
    decisions: (decidedOf.get(head.returnId) ?? []).map(({ returnId: _, ...decision }) => decision),
    reports: (reportsOf.get(head.returnId) ?? []).map(({ returnId: _, ...report }) => report),
    refunds: (refundsOf.get(head.returnId) ?? []).map(({ returnId: _, orderId: _of, ...refund }) => ({
      ...refund,
      nextStep: nextSteps.get(refund.requestId ?? '') ?? null,
    })),
  }));
}

/** Of the open exceptions of refused refunds, by request. */
async function readNextSteps(db: AnyDb, refunds: readonly KnownRefund[]): Promise<Map<string, string>> {
  const refused = refunds.flatMap(({ state, requestId }) =>
    state === 'refused' && requestId !== null ? [requestId] : [],
  );
  if (refused.length === 0) return new Map();
  const found = await rows<{ requestId: string; nextStep: string }>(
    db,
    sql`select subject_id as "requestId", next_step as "nextStep" from exceptions
        where kind = 'order.refund_refused' and subject_kind = 'channel_request' and closed_at is null
          and subject_id = any(${list('text', refused)})`,
  );
  return new Map(found.map(({ requestId, nextStep }) => [requestId, nextStep]));
}
