import { sql } from 'drizzle-orm';
import { newId, type OrderId } from '../kernel/index.ts';
import { columnNames, rows, unnest, type ColumnTypes, type Ctx } from '../platform/db/index.ts';
import type { ToldLines } from './plan-judgement.ts';
import type { ReportState, ReturnId } from './return-states.ts';

export type NewReport = {
  readonly orderId: OrderId;
  readonly externalId: string;
  readonly returnId: ReturnId | null;
  readonly state: ReportState;
  readonly lines: ToldLines;
};

const columns = {
  id: 'uuid',
  orderId: 'uuid',
  externalId: 'text',
  returnId: 'uuid',
  state: 'text',
  lines: 'jsonb',
} as const satisfies ColumnTypes;

/** Writes down what was made of reports, each as it was told last. The caller holds the locks of their orders. */
export async function writeReports(ctx: Ctx, reports: readonly NewReport[]): Promise<void> {
  if (reports.length === 0) return;
  const made = reports.map((report) => ({ ...report, id: newId<'return_report'>(ctx.now.getTime()) }));
  await rows(
    ctx.tx,
    sql`insert into return_reports (${columnNames(columns)}, created_at, updated_at)
        select ${columnNames(columns)}, ${ctx.now}, ${ctx.now} from ${unnest(columns, made)}
        on conflict (order_id, external_id) do update
        set return_id = excluded.return_id, state = excluded.state, lines = excluded.lines, updated_at = excluded.updated_at`,
  );
}
