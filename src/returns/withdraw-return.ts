import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault } from '../kernel/index.ts';
import { addTimeline, markPartsReturned } from '../orders/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { list, onBehalf, rows, type Ctx } from '../platform/db/index.ts';
import { closeExceptions } from '../platform/exceptions/index.ts';
import { readKnownRefunds, stands } from './known-refunds.ts';
import { lockReturn, waiting, type LockedReturn } from './locks.ts';
import { openReturnExceptions } from './report-exceptions.ts';
import { returnStates, type ReturnId } from './return-states.ts';

/**
 * Takes back a return that was opened in error: its units may be returned anew. Faults: `return.not_found`,
 * `return.transition_refused`, `return.already_decided` (some units are), `return.refund_stands` (its money is paid back or
 * asked for: decide `none` where nothing comes back).
 */
export async function withdrawReturn(ctx: Ctx, returnId: ReturnId): Promise<void> {
  authorise(ctx, 'orders:write');
  const found = await lockReturn(ctx, returnId);
  returnStates.check(found.state, 'withdrawn');
  const { number } = found;
  if (found.lines.some((line) => waiting(line) < line.quantity)) {
    throw new Fault('conflict', 'return.already_decided', {
      message: `some units of return ${number} are decided`,
      data: { number },
    });
  }
  const refunds = await readKnownRefunds(ctx.tx, [found.orderId]);
  if (refunds.some((refund) => refund.returnId === returnId && stands(refund))) {
    const message = `the money of return ${number} is paid back or asked for; decide none for what does not come back`;
    throw new Fault('conflict', 'return.refund_stands', { message, data: { number } });
  }
  await withdrawReturns(ctx, [found], 'by_person');
  await writeAudit(ctx, { action: 'return.withdrawn', subjectKind: 'return', subjectId: returnId, data: { number } });
}

/** The inner half: the caller holds the orders' locks and knows that nothing is decided. */
export async function withdrawReturns(
  ctx: Ctx,
  found: readonly Pick<LockedReturn, 'returnId' | 'number' | 'orderId' | 'lines'>[],
  cause: 'by_person' | 'refund_failed' | 'cancelled_on_channel',
): Promise<void> {
  if (found.length === 0) return;
  const ids = found.map(({ returnId }) => returnId);
  await rows(
    ctx.tx,
    sql`update returns set state = 'withdrawn', closed_at = ${ctx.now}, updated_at = ${ctx.now}
        where id = any(${list('uuid', ids)})`,
  );
  const inner = onBehalf(ctx, 'withdraw_return');
  await markPartsReturned(
    inner,
    found.flatMap(({ lines }) => lines.map(({ orderLineId, quantity }) => ({ orderLineId, quantity: -quantity }))),
  );
  await addTimeline(
    inner,
    found.map(({ orderId, returnId, number }) => ({
      orderId,
      kind: 'return_withdrawn',
      data: { returnId, return: number, cause },
    })),
  );
  await closeExceptions(ctx, ids.flatMap(openReturnExceptions));
}
