import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { OrderId } from '../kernel/index.ts';
import { lockOrders } from '../orders/index.ts';
import { list, rows, unnest, type ColumnTypes, type Ctx } from '../platform/db/index.ts';
import { refundStates, type RefundState } from './return-states.ts';

const columns = {
  requestId: 'uuid',
  state: 'text',
  externalId: 'text',
  cause: 'jsonb',
} as const satisfies ColumnTypes;

/** How the channel answered a refund that was asked of it. */
export type RefundAnswer = {
  readonly requestId: string;
  readonly orderId: OrderId;
  readonly state: Extract<RefundState, 'made' | 'refused'>;
  readonly externalId: string | null;
  readonly cause: unknown;
};

/** Writes answers on the refunds that returns asked for. Answers with the orders of those that were not answered before. */
export async function recordRefundAnswers(ctx: Ctx, answers: readonly RefundAnswer[]): Promise<OrderId[]> {
  authorise(ctx, 'orders:write');
  if (answers.length === 0) return [];
  const awaited = await rows<{ orderId: OrderId }>(
    ctx.tx,
    sql`select distinct order_id as "orderId" from return_refunds
        where state = 'asked' and request_id = any(${list(
          'uuid',
          answers.map(({ requestId }) => requestId),
        )})`,
  );
  if (awaited.length === 0) return [];
  const orderIds = await lockOrders(
    ctx,
    awaited.map(({ orderId }) => orderId),
  );
  const from = list('text', refundStates.sources('made'));
  await rows(
    ctx.tx,
    sql`update return_refunds r set state = t.state, external_id = t.external_id, cause = t.cause, updated_at = ${ctx.now}
        from ${unnest(columns, answers)} where r.request_id = t.request_id and r.state = any(${from})`,
  );
  return orderIds;
}
