import { sql } from 'drizzle-orm';
import { shopLane, type ConnectorRegistry } from '../channels/index.ts';
import { authorise } from '../identity/index.ts';
import { Fault, invalidField, minorUnits, newId, positiveQuantity, type OrderId } from '../kernel/index.ts';
import { addTimeline, lockOrders } from '../orders/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';

import type { RequestLine } from './request-cancel.ts';
import { lineOf, readRequestedOrder, refuseNamedTwice, type RequestedOrder } from './requested-order.ts';

export type RefundRequest = {
  /** Where the one who asks must know it before. */
  readonly requestId?: string;
  readonly orderId: OrderId;
  /** In the order's currency. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string;
  /** What it is for; may be empty (goodwill, shipping). */
  readonly lines: readonly RequestLine[];
};

/**
 * Asks the channel to pay money back. It becomes a fact of the order when the channel shows it. Never more than was paid
 * less what is refunded or already asked for. Faults: `order.not_found`, `channel.cannot_refund`, `refund.too_much`.
 */
export async function requestRefund(
  ctx: Ctx,
  connectors: ConnectorRegistry,
  request: RefundRequest,
): Promise<{ requestId: string }> {
  authorise(ctx, 'orders:write');
  await lockOrders(ctx, [request.orderId]);
  const order = await readRequestedOrder(ctx.tx, request.orderId);
  if (connectors.get(order.channel)?.orders.refundOrder === undefined) {
    throw new Fault('conflict', 'channel.cannot_refund', {
      message: `Money of ${order.channel} is paid back there; the refund then arrives here by itself.`,
    });
  }
  checkRefund(order, request);
  const requestId = request.requestId ?? newId<'channel_request'>(ctx.now.getTime());
  await rows(
    ctx.tx,
    sql`insert into channel_requests (id, shop_id, order_id, kind, lines, amount_minor, reason, due_at, created_at)
        values (${requestId}, ${order.shopId}, ${order.id}, 'refund', ${JSON.stringify(request.lines)}::jsonb,
                ${request.amountMinor}, ${request.reason}, ${ctx.now}, ${ctx.now})`,
  );
  const money = { minor: request.amountMinor, currency: request.currency };
  await addTimeline(ctx, [
    { orderId: order.id, kind: 'refund_asked', data: { requestId, amount: money, reason: request.reason } },
  ]);
  await writeAudit(ctx, {
    action: 'order.refund_asked',
    subjectKind: 'order',
    subjectId: order.id,
    data: { requestId, amount: money },
  });
  ctx.rings.add(shopLane(order.shopId));
  return { requestId };
}

function checkRefund(order: RequestedOrder, request: RefundRequest): void {
  if (request.currency !== order.currency) {
    throw invalidField('amount.currency', 'money.currency_mismatch', `the order is in ${order.currency}`);
  }
  if (minorUnits(request.amountMinor, 'amount.minor') <= 0) {
    throw invalidField('amount.minor', 'refund.not_positive', 'must be more than nothing');
  }
  if (request.amountMinor > order.refundableMinor) {
    const message = `only ${order.refundableMinor} minor units are paid and not refunded or asked for`;
    throw new Fault('conflict', 'refund.too_much', {
      message,
      data: { refundableMinor: order.refundableMinor },
      fields: [{ path: 'amount.minor', code: 'refund.too_much', message }],
    });
  }
  refuseNamedTwice(request.lines);
  for (const [index, line] of request.lines.entries()) {
    const found = lineOf(order, line.orderLineId, `lines.${index}.orderLineId`);
    if (positiveQuantity(line.quantity, `lines.${index}.quantity`) > found.quantity) {
      throw invalidField(`lines.${index}.quantity`, 'refund.more_than_ordered', `only ${found.quantity} were ordered`);
    }
  }
}
