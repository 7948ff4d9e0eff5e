import { sql } from 'drizzle-orm';
import { authorise } from '../../identity/index.ts';
import { Fault } from '../../kernel/index.ts';
import { writeAudit } from '../../platform/audit/index.ts';
import { firstRow, type Ctx } from '../../platform/db/index.ts';
import type { InvoiceRequestId } from '../ids.ts';
import { requeueParked } from '../requeue-parked.ts';

/**
 * A person has looked at a parked request and lets it be numbered: its cause is gone, or it was not issued before a restore.
 * Faults: `invoice_request.unknown`, `invoice_request.not_parked`.
 */
export async function retryRequest(ctx: Ctx, requestId: InvoiceRequestId): Promise<{ requestId: InvoiceRequestId }> {
  authorise(ctx, 'invoices:write');
  const found = await firstRow<{ state: string }>(
    ctx.tx,
    sql`select state from invoice_requests where id = ${requestId} for update`,
  );
  if (found === null) throw new Fault('not_found', 'invoice_request.unknown');
  if (found.state !== 'parked') {
    throw new Fault('conflict', 'invoice_request.not_parked', { message: `the request is ${found.state}` });
  }
  await requeueParked(ctx, { confirmed: requestId });
  await writeAudit(ctx, {
    action: 'invoice_request.retried',
    subjectKind: 'invoice_request',
    subjectId: requestId,
    data: {},
  });
  return { requestId };
}
