import { sql } from 'drizzle-orm';
import { columnNames, list, rows, unnest, type ColumnTypes, type Ctx } from '../../platform/db/index.ts';
import type { SeriesCounter } from '../locks.ts';
import type { Numbered } from './assign-numbers.ts';

const invoiceColumns = {
  id: 'uuid',
  requestId: 'uuid',
  kind: 'text',
  seriesId: 'uuid',
  period: 'int4',
  serial: 'int8',
  number: 'text',
  orderId: 'uuid',
  shopId: 'uuid',
  orderVersion: 'int4',
  correctsInvoiceId: 'uuid',
  issuedAt: 'timestamptz',
  issuedOn: 'date',
  currency: 'text',
  totalMinor: 'int8',
  taxMinor: 'int8',
  content: 'jsonb',
  contentHash: 'bytea',
} as const satisfies ColumnTypes;

const receiverColumns = {
  invoiceId: 'uuid',
  ciphertext: 'bytea',
  dataKey: 'bytea',
  keepUntil: 'date',
} as const satisfies ColumnTypes;

/** Writes the documents, their receivers and the state of their requests, in three statements. */
export async function storeDocuments(ctx: Ctx, numbered: readonly Numbered[], keepYears: number): Promise<void> {
  const names = columnNames(invoiceColumns);
  await rows(
    ctx.tx,
    sql`insert into invoices (${names}) select ${names} from ${unnest(
      invoiceColumns,
      numbered.map((each) => rowOf(each, ctx.now)),
    )}`,
  );
  const receivers = numbered.flatMap(({ id, receiver, content }) =>
    receiver === null ? [] : [{ invoiceId: id, ...receiver, keepUntil: yearsAfter(content.issuedOn, keepYears) }],
  );
  if (receivers.length > 0) {
    const columns = columnNames(receiverColumns);
    await rows(
      ctx.tx,
      sql`insert into invoice_receivers (${columns}) select ${columns} from ${unnest(receiverColumns, receivers)}`,
    );
  }
  const requestIds = numbered.map(({ request }) => request.id);
  await rows(
    ctx.tx,
    sql`update invoice_requests set state = 'numbered', settled_at = ${ctx.now} where id = any(${list('uuid', requestIds)})`,
  );
}

/** The last numbers given, once for the batch. */
export async function storeCounters(ctx: Ctx, counters: readonly SeriesCounter[]): Promise<void> {
  const columns = { id: 'uuid', period: 'int4', lastSerial: 'int8' } as const satisfies ColumnTypes;
  const changed = counters.map(({ id, period, lastSerial }) => ({ id, period, lastSerial }));
  await rows(
    ctx.tx,
    sql`update invoice_series s set period = t.period, last_serial = t.last_serial, updated_at = ${ctx.now}
        from ${unnest(columns, changed)} where s.id = t.id`,
  );
}

function rowOf({ request, content, receiver: _receiver, ...document }: Numbered, now: Date) {
  return {
    ...document,
    requestId: request.id,
    kind: content.kind,
    seriesId: request.seriesId,
    orderId: request.orderId,
    shopId: request.shopId,
    issuedAt: now,
    issuedOn: content.issuedOn,
    currency: content.currency,
    totalMinor: content.totalMinor,
    taxMinor: content.taxMinor,
    content,
  };
}

/** To the end of that year, as the term of law runs. */
function yearsAfter(day: string, years: number): string {
  return `${Number(day.slice(0, 4)) + years}-12-31`;
}
