import type { OrderId, OrderLineId } from '../kernel/index.ts';
import type { Ctx } from '../platform/db/index.ts';
import type { ReturnId } from './return-states.ts';

/** Units of an order line, in units of the listing. */
export type LineUnits = { readonly orderLineId: OrderLineId; readonly quantity: number };

/** A return wants money paid back on the channel. Whoever is wired to it writes the request under this id, or refuses. */
export type ReturnRefundAsked = {
  readonly kind: 'return.refund_asked';
  readonly requestId: string;
  readonly returnId: ReturnId;
  readonly orderId: OrderId;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string;
  readonly lines: readonly LineUnits[];
};

export function raiseRefundAsked(ctx: Ctx, asked: Omit<ReturnRefundAsked, 'kind'>): void {
  const event: ReturnRefundAsked = { kind: 'return.refund_asked', ...asked };
  ctx.events.push(event);
}
