import { sql } from 'drizzle-orm';
import type { OrderId, OrderLineId } from '../kernel/index.ts';
import { list, rows, type AnyDb } from '../platform/db/index.ts';
import type { RefundState, ReturnId } from './return-states.ts';

/** Units that a refund pays back; `unshipped` of them had not left when it was judged. */
export type RefundedUnits = {
  readonly orderLineId: OrderLineId;
  readonly quantity: number;
  readonly unshipped: number;
};

export type KnownRefund = {
  readonly refundId: string;
  readonly orderId: OrderId;
  readonly returnId: ReturnId | null;
  readonly requestId: string | null;
  readonly externalId: string | null;
  /** As the channel shows it; until it does, as the request stands. */
  readonly state: RefundState | 'pending' | 'settled';
  readonly amountMinor: number;
  readonly shippingMinor: number;
  readonly lines: readonly RefundedUnits[];
  readonly cause: unknown;
  readonly createdAt: Date;
};

/** Every refund of these orders that returns know, the oldest first, in the state and with the amount that the channel shows. */
export function readKnownRefunds(db: AnyDb, orderIds: readonly OrderId[]): Promise<KnownRefund[]> {
  return rows<KnownRefund>(
    db,
    sql`select r.id as "refundId", r.order_id as "orderId", r.return_id as "returnId", r.request_id as "requestId",
               r.external_id as "externalId", coalesce(f.state, r.state) as state,
               coalesce(f.amount_minor, r.amount_minor) as "amountMinor", r.shipping_minor as "shippingMinor", r.lines, r.cause,
               r.created_at as "createdAt"
        from return_refunds r left join order_refunds f on f.order_id = r.order_id and f.external_id = r.external_id
        where r.order_id = any(${list('uuid', orderIds)}) order by r.created_at, r.id`,
  );
}

/** Its money is paid back or on its way. */
export function stands({ state }: Pick<KnownRefund, 'state'>): boolean {
  return state !== 'refused' && state !== 'failed';
}

/** Units that refunds which stand pay back, by order line. */
export function refundedUnits(refunds: readonly KnownRefund[]): Map<OrderLineId, number> {
  const units = new Map<OrderLineId, number>();
  for (const { orderLineId, quantity } of refunds.filter(stands).flatMap(({ lines }) => lines)) {
    units.set(orderLineId, (units.get(orderLineId) ?? 0) + quantity);
  }
  return units;
}
