import { sql } from 'drizzle-orm';
import { rows, type Ctx } from '../platform/db/index.ts';
import { closeExceptions } from '../platform/exceptions/index.ts';
import type { InvoiceRequestId } from './ids.ts';
import { invoicingLane } from './lane-name.ts';

const parkedKind = 'invoice.parked';

export function parkedException(requestId: InvoiceRequestId): { kind: string; subjectKind: string; subjectId: string } {
  return { kind: parkedKind, subjectKind: 'invoice_request', subjectId: requestId };
}

/**
 * Parked requests are due again: those with this cause, or one that a person has looked at (`confirmed`: what happened is
 * taken as of now, so that no restore puts it in doubt). Answers with how many.
 */
export async function requeueParked(
  ctx: Ctx,
  which: { readonly code: string } | { readonly confirmed: InvoiceRequestId },
): Promise<number> {
  const isOne = 'confirmed' in which;
  const freed = await rows<{ id: InvoiceRequestId }>(
    ctx.tx,
    sql`update invoice_requests set state = 'due', cause = null, settled_at = null,
               fact_at = case when ${isOne} then ${ctx.now} else fact_at end
        where state = 'parked'
          and ${isOne ? sql`id = ${which.confirmed}` : sql`cause->>'code' = ${which.code}`}
        returning id`,
  );
  await closeExceptions(
    ctx,
    freed.map(({ id }) => parkedException(id)),
  );
  if (freed.length > 0) ctx.rings.add(invoicingLane);
  return freed.length;
}
