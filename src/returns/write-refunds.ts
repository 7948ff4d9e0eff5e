import { sql } from 'drizzle-orm';
import { newId, type OrderId } from '../kernel/index.ts';
import { columnNames, rows, unnest, type ColumnTypes, type Ctx } from '../platform/db/index.ts';
import type { RefundedUnits } from './known-refunds.ts';
import type { RefundState, ReturnId } from './return-states.ts';

export type NewRefund = {
  readonly orderId: OrderId;
  readonly returnId: ReturnId | null;
  readonly requestId: string | null;
  readonly externalId: string | null;
  readonly state: RefundState;
  readonly amountMinor: number;
  readonly shippingMinor: number;
  readonly lines: readonly RefundedUnits[];
};

const columns = {
  id: 'uuid',
  orderId: 'uuid',
  returnId: 'uuid',
  requestId: 'uuid',
  externalId: 'text',
  state: 'text',
  amountMinor: 'int8',
  shippingMinor: 'int8',
  lines: 'jsonb',
} as const satisfies ColumnTypes;

/** Writes down refunds, each once. The caller holds the locks of their orders. */
export async function writeRefunds(ctx: Ctx, refunds: readonly NewRefund[]): Promise<void> {
  if (refunds.length === 0) return;
  const made = refunds.map((refund) => ({ ...refund, id: newId<'return_refund'>(ctx.now.getTime()) }));
  await rows(
    ctx.tx,
    sql`insert into return_refunds (${columnNames(columns)}, created_at, updated_at)
        select ${columnNames(columns)}, ${ctx.now}, ${ctx.now} from ${unnest(columns, made)}`,
  );
}
