import { sql } from 'drizzle-orm';
import { authorise } from '../../identity/index.ts';
import { Fault, type OrderId } from '../../kernel/index.ts';
import { lockOrders } from '../../orders/index.ts';
import { writeAudit } from '../../platform/audit/index.ts';
import { firstRow, type Ctx } from '../../platform/db/index.ts';
import type { InvoiceRequestId } from '../ids.ts';
import { requeueParked } from '../requeue-parked.ts';
import { byHand } from './plan-requests.ts';
import { readOrderToBill, type OrderToBill } from './read-order-to-bill.ts';
import { insertRequests } from './request-documents.ts';
import { needSeller } from '../seller.ts';

export type RequestedInvoice = {
  readonly requestId: InvoiceRequestId;
  readonly state: 'due' | 'numbered';
  /** Null until it is numbered. */
  readonly number: string | null;
};

/**
 * A person asks for the invoice of an order, whatever its rule. One that stands is answered as it is; a parked one is tried
 * again, and counts as looked at. Faults: `order.unknown`, `invoice.order_cancelled`, `invoice.seller_missing`.
 */
export async function requestInvoice(ctx: Ctx, orderId: OrderId): Promise<RequestedInvoice> {
  authorise(ctx, 'invoices:write');
  await needSeller(ctx.tx);
  await lockOrders(ctx, [orderId]);
  const order = await readOrderToBill(ctx.tx, orderId);
  if (order === null) throw new Fault('not_found', 'order.unknown', { data: { orderId } });
  const requested = await request(ctx, order);
  await writeAudit(ctx, {
    action: 'invoice.requested',
    subjectKind: 'order',
    subjectId: orderId,
    data: { requestId: requested.requestId, state: requested.state },
  });
  return requested;
}

async function request(ctx: Ctx, order: OrderToBill): Promise<RequestedInvoice> {
  const standing = await firstRow<{
    id: InvoiceRequestId;
    state: 'due' | 'parked' | 'numbered';
    number: string | null;
  }>(
    ctx.tx,
    sql`select r.id, r.state, i.number from invoice_requests r left join invoices i on i.request_id = r.id
        where r.order_id = ${order.orderId} and r.kind = 'invoice' and r.state <> 'dropped' and not r.is_reversed`,
  );
  if (standing?.state === 'parked') await requeueParked(ctx, { confirmed: standing.id });
  if (standing !== null) {
    return { requestId: standing.id, state: standing.number === null ? 'due' : 'numbered', number: standing.number };
  }
  if (order.isOff) {
    throw new Fault('conflict', 'invoice.order_cancelled', {
      message: 'the order is cancelled, or was split by its channel',
    });
  }
  const row = byHand(order, ctx.now);
  await insertRequests(ctx, [row]);
  return { requestId: row.id, state: 'due', number: null };
}
