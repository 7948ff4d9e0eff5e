import { sql } from 'drizzle-orm';
import type { OrderId, OrderLineId, ShopId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { outcomeSettleMsDefault, writesPerPassMax } from './lane.ts';
import type { ClaimedWrite } from './outgoing-write.ts';

export type ClaimedRequest = ClaimedWrite & {
  readonly kind: 'cancel' | 'refund';
  readonly orderId: OrderId;
  readonly orderExternalId: string;
  readonly currency: string;
  readonly amountMinor: number | null;
  readonly reason: string;
  readonly lines: readonly { readonly lineExternalId: string; readonly quantity: number }[] | null;
};

type Row = Omit<ClaimedRequest, 'lines'> & {
  /** `upTo` on cancels: units of the line cancelled in all, so that a repeat asks for the same. */
  readonly lines:
    | readonly { readonly orderLineId: OrderLineId; readonly quantity: number; readonly upTo?: number }[]
    | null;
};

/** Records the intention before the call, as for announcements. Cancels first, then the oldest. */
export async function claimRequests(ctx: Ctx, shopId: ShopId): Promise<ClaimedRequest[]> {
  const claimed = await rows<Row>(
    ctx.tx,
    sql`with due as (
          select id, state <> 'due' as is_open from channel_requests
          where shop_id = ${shopId} and state in ('due', 'sending', 'unknown') and due_at <= ${ctx.now}
          order by kind, created_at, id limit ${writesPerPassMax} for update
        ), claimed as (
          update channel_requests r
          set state = 'sending', attempts = r.attempts + 1, sent_at = ${ctx.now},
              due_at = ${ctx.now}::timestamptz + make_interval(secs => ${outcomeSettleMsDefault / 1000})
          from due where r.id = due.id
          returning r.*, due.is_open
        )
        select c.id, c.kind, c.order_id as "orderId", o.external_id as "orderExternalId", o.currency,
               c.amount_minor as "amountMinor", c.reason, c.attempts, c.is_open as "isOpen", c.lines
        from claimed c join orders o on o.id = c.order_id
        order by c.kind, c.created_at, c.id`,
  );
  const lineIds = claimed.flatMap((request) => (request.lines ?? []).map((line) => line.orderLineId));
  const found = await rows<{ id: OrderLineId; externalId: string }>(
    ctx.tx,
    sql`select id, external_id as "externalId" from order_lines where id = any(${list('uuid', lineIds)})`,
  );
  const externalIds = new Map(found.map((line) => [line.id, line.externalId]));
  return claimed.map((request) => ({
    ...request,
    lines:
      request.lines?.flatMap((line) => {
        const lineExternalId = externalIds.get(line.orderLineId);
        return lineExternalId === undefined ? [] : [{ lineExternalId, quantity: line.upTo ?? line.quantity }];
      }) ?? null,
  }));
}
