import { sql } from 'drizzle-orm';
import { shopLane, type ConnectorRegistry } from '../channels/index.ts';
import { authorise } from '../identity/index.ts';
import { Fault, newId, positiveQuantity, type OrderId, type OrderLineId } from '../kernel/index.ts';
import { addTimeline, lockOrders, placeHolds } from '../orders/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { onBehalf, rows, type Ctx } from '../platform/db/index.ts';

import { lineOf, readRequestedOrder, refuseNamedTwice, type RequestedOrder } from './requested-order.ts';

export type RequestLine = { readonly orderLineId: OrderLineId; readonly quantity: number };

export type CancelRequest = {
  readonly orderId: OrderId;
  /** Null cancels whatever is not shipped yet. */
  readonly lines: readonly RequestLine[] | null;
  readonly reason: string;
};

/**
 * Asks the channel to cancel. The order is held at once, so nothing more of it is allocated; its units are freed when the
 * channel shows the cancel, for the channel is the truth about what was sold. Faults: `order.not_found`,
 * `order.already_cancelled`, `order.cancel_pending`, `channel.cannot_cancel`, `order.not_cancellable` (shipped, or more than is open).
 */
export async function requestCancel(
  ctx: Ctx,
  connectors: ConnectorRegistry,
  request: CancelRequest,
): Promise<{ requestId: string }> {
  authorise(ctx, 'orders:write');
  await lockOrders(ctx, [request.orderId]);
  const order = await readRequestedOrder(ctx.tx, request.orderId);
  if (connectors.get(order.channel)?.orders.cancelOrder === undefined) {
    throw new Fault('conflict', 'channel.cannot_cancel', {
      message: `Orders of ${order.channel} are cancelled there; the cancel then arrives here by itself.`,
    });
  }
  if (order.isCancelAsked) {
    throw new Fault('conflict', 'order.cancel_pending', {
      message: 'an earlier cancel of this order is still on its way; ask again when the channel has answered it',
    });
  }
  checkCancel(order, request.lines);
  const lines =
    request.lines?.map((line) => ({ ...line, upTo: cancelledOf(order, line.orderLineId) + line.quantity })) ?? null;
  const requestId = newId<'channel_request'>(ctx.now.getTime());
  await rows(
    ctx.tx,
    sql`insert into channel_requests (id, shop_id, order_id, kind, lines, reason, due_at, created_at)
        values (${requestId}, ${order.shopId}, ${order.id}, 'cancel', ${JSON.stringify(lines)}::jsonb,
                ${request.reason}, ${ctx.now}, ${ctx.now})`,
  );
  await placeHolds(onBehalf(ctx, 'request_cancel'), [
    { orderId: order.id, kind: 'cancel_asked', cause: { requestId } },
  ]);
  await addTimeline(ctx, [
    { orderId: order.id, kind: 'cancel_asked', data: { requestId, lines: request.lines, reason: request.reason } },
  ]);
  await writeAudit(ctx, {
    action: 'order.cancel_asked',
    subjectKind: 'order',
    subjectId: order.id,
    data: { requestId },
  });
  ctx.rings.add(shopLane(order.shopId));
  return { requestId };
}

function checkCancel(order: RequestedOrder, lines: readonly RequestLine[] | null): void {
  if (order.cancelledAt !== null) throw new Fault('conflict', 'order.already_cancelled');
  if (lines === null) {
    if (order.lines.every((line) => line.openQuantity === 0)) throw notCancellable('lines', 0);
    return;
  }
  refuseNamedTwice(lines);
  for (const [index, requested] of lines.entries()) {
    const path = `lines.${index}.quantity`;
    positiveQuantity(requested.quantity, path);
    const line = lineOf(order, requested.orderLineId, `lines.${index}.orderLineId`);
    if (requested.quantity > line.openQuantity) throw notCancellable(path, line.openQuantity);
  }
}

function cancelledOf(order: RequestedOrder, orderLineId: OrderLineId): number {
  return order.lines.find((line) => line.id === orderLineId)?.cancelledQuantity ?? 0;
}

function notCancellable(path: string, openQuantity: number): Fault {
  const message = `only ${openQuantity} units are neither shipped nor cancelled`;
  return new Fault('conflict', 'order.not_cancellable', {
    message,
    data: { openQuantity },
    fields: [{ path, code: 'order.not_cancellable', message }],
  });
}
