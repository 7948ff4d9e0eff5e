import { sql } from 'drizzle-orm';
import type { OrderId, ShopId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { openExceptions, type ExceptionKey } from '../platform/exceptions/index.ts';
import { refundStates, type ReturnId } from './return-states.ts';

export function failedException(returnId: ReturnId): ExceptionKey {
  return { kind: 'return.refund_failed', subjectKind: 'return', subjectId: returnId };
}

/**
 * Writes down once that refunds have failed on the channel after it had shown them, and opens an exception for each return
 * that goes on without its money. The caller holds the orders' locks and has withdrawn what ends with its refund.
 */
export async function noteFailedRefunds(ctx: Ctx, orderIds: readonly OrderId[]): Promise<void> {
  const failed = await rows<{ returnId: ReturnId; number: number; shopId: ShopId; amountMinor: number }>(
    ctx.tx,
    sql`with failed as (
          update return_refunds r set state = 'failed', updated_at = ${ctx.now}
          from order_refunds f
          where r.order_id = any(${list('uuid', orderIds)}) and r.state = any(${list('text', refundStates.sources('failed'))})
            and f.order_id = r.order_id and f.external_id = r.external_id and f.state = 'failed'
          returning r.return_id, f.amount_minor
        )
        select t.id as "returnId", t.number, t.shop_id as "shopId", sum(f.amount_minor)::int8 as "amountMinor"
        from failed f join returns t on t.id = f.return_id and t.state <> 'withdrawn'
        group by t.id order by t.id`,
  );
  await openExceptions(
    ctx,
    failed.map(({ returnId, number, shopId, amountMinor }) => ({
      ...failedException(returnId),
      shopId,
      cause: { return: number, amountMinor },
      nextStep: `Look at the order on the channel; ask again: wharf return refund ${number}.`,
    })),
  );
}
