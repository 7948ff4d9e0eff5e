import { sql } from 'drizzle-orm';
import { list, rows, type Ctx } from '../../platform/db/index.ts';
import { openExceptions } from '../../platform/exceptions/index.ts';
import { parkedException } from '../requeue-parked.ts';
import type { RequestRow } from '../requests/request-row.ts';
import { sellerMissing } from '../seller.ts';
import { inDoubt } from './draft-document.ts';

export type ParkedRequest = { readonly request: RequestRow; readonly cause: Readonly<Record<string, unknown>> };

/** Sets requests aside with their cause, each with an exception that says what would free it. */
export async function parkRequests(ctx: Ctx, parked: readonly ParkedRequest[]): Promise<void> {
  if (parked.length === 0) return;
  await rows(
    ctx.tx,
    sql`update invoice_requests r set state = 'parked', cause = t.cause, settled_at = ${ctx.now}
        from unnest(${list(
          'uuid',
          parked.map(({ request }) => request.id),
        )}, ${list(
          'jsonb',
          parked.map(({ cause }) => cause),
        )}) as t(id, cause)
        where r.id = t.id and r.state = 'due'`,
  );
  await openExceptions(
    ctx,
    parked.map(({ request, cause }) => ({
      ...parkedException(request.id),
      shopId: request.shopId,
      cause: { ...cause, orderId: request.orderId, kind: request.kind },
      nextStep: nextStepOf(cause['code'], request),
    })),
  );
}

function nextStepOf(code: unknown, request: RequestRow): string {
  const again = `wharf invoice retry ${request.id}`;
  if (code === sellerMissing) return 'Say who issues the invoices: wharf invoice seller --name … --address …';
  if (code === inDoubt) return `Look among the invoices issued before the restore; if it is not there: ${again}`;
  return `Find out why it cannot be issued, then: ${again}`;
}
