import type { ConnectorRegistry } from '../channels/index.ts';
import type { OrderId } from '../kernel/index.ts';
import type { OrderTakenIn } from '../orders/index.ts';
import { findRefundAnswers, requestRefund, type OrderTold } from '../outbound/index.ts';
import { onBehalf, type DomainEvent, type Marker } from '../platform/db/index.ts';
import {
  judgeChannelRefunds,
  judgeChannelReturns,
  recordRefundAnswers,
  type ReturnRefundAsked,
} from '../returns/index.ts';

/**
 * Between returns and what is said to channels: a refund that a return asks for becomes a request (or the whole transaction
 * is refused), its answer comes back to the return, and returns and refunds that a channel shows are judged.
 */
export function returnMarkers(connectors: ConnectorRegistry): Marker[] {
  return [
    {
      name: 'return_refunds',
      kinds: ['return.refund_asked'],
      async mark(ctx, events) {
        for (const event of events) await requestRefund(ctx, connectors, event as ReturnRefundAsked);
      },
    },
    {
      name: 'refund_answers',
      kinds: ['order.told'],
      async mark(ctx, events) {
        const inner = onBehalf(ctx, 'order.told');
        const orderIds = orderIdsOf(events as readonly OrderTold[]);
        const answered = await recordRefundAnswers(inner, await findRefundAnswers(ctx.tx, orderIds));
        await judgeChannelRefunds(inner, answered);
      },
    },
    {
      // Before refunds: one that the same document shows joins the return.
      name: 'channel_returns',
      kinds: ['order.taken_in'],
      mark: (ctx, events: readonly DomainEvent[]) =>
        judgeChannelReturns(onBehalf(ctx, 'order.taken_in'), orderIdsOf(events as readonly OrderTakenIn[])),
    },
    {
      name: 'channel_refunds',
      kinds: ['order.taken_in'],
      mark: (ctx, events: readonly DomainEvent[]) =>
        judgeChannelRefunds(onBehalf(ctx, 'order.taken_in'), orderIdsOf(events as readonly OrderTakenIn[])),
    },
  ];
}

function orderIdsOf(events: readonly { readonly orderIds: readonly OrderId[] }[]): OrderId[] {
  return [...new Set(events.flatMap((event) => event.orderIds))];
}
