import { sql } from 'drizzle-orm';
import type { OrderId, ShipmentId, ShopId } from '../kernel/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';
import { outcomeSettleMsDefault, writesPerPassMax } from './lane.ts';
import type { AnnouncedLine } from './announced-lines.ts';
import type { ClaimedWrite } from './outgoing-write.ts';

export type ClaimedAnnouncement = ClaimedWrite & {
  readonly shipmentId: ShipmentId;
  readonly shipmentNumber: number;
  readonly orderId: OrderId;
  readonly orderNumber: number;
  readonly orderExternalId: string;
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
  readonly trackingUrl: string | null;
  readonly shippedAt: Date;
  /** As it was announced before; null at first. */
  readonly lines: readonly AnnouncedLine[] | null;
  /** Of the return to an earlier time after which the parcel was planned; null before any. */
  readonly epochMark: string | null;
};

/**
 * Records the intention before the call: `sending`, due again when the outcome of a lost call has settled. Oldest ship-out
 * first, one of an order, and none of an order of which another's outcome is open: what a parcel completes of a multipack
 * depends on what was announced before it. A row left `sending` by a dead process is claimed like one that is unknown.
 */
export function claimAnnouncements(ctx: Ctx, shopId: ShopId): Promise<ClaimedAnnouncement[]> {
  return rows<ClaimedAnnouncement>(
    ctx.tx,
    sql`with first as (
          select distinct on (a.order_id) a.id, s.shipped_at, s.number
          from announcements a join shipments s on s.id = a.shipment_id
          where a.shop_id = ${shopId} and a.state in ('due', 'sending', 'unknown') and a.due_at <= ${ctx.now}
            and not exists (
              select from announcements b where b.order_id = a.order_id and b.id <> a.id and b.state in ('sending', 'unknown')
                and (a.state = 'due' or (b.sent_at, b.id) < (a.sent_at, a.id))
            )
          order by a.order_id, a.state = 'due', s.shipped_at, s.number
        ), due as (
          select a.id, a.state <> 'due' as is_open from announcements a join first on first.id = a.id
          order by first.shipped_at, first.number limit ${writesPerPassMax} for update of a
        ), claimed as (
          update announcements a
          set state = 'sending', attempts = a.attempts + 1, sent_at = ${ctx.now},
              due_at = ${ctx.now}::timestamptz + make_interval(secs => ${outcomeSettleMsDefault / 1000})
          from due where a.id = due.id
          returning a.id, a.shipment_id, a.order_id, a.attempts, a.lines, due.is_open
        )
        select c.id, c.attempts, c.is_open as "isOpen", s.id as "shipmentId", s.number as "shipmentNumber", o.id as "orderId", o.number as "orderNumber",
               o.external_id as "orderExternalId", s.carrier, s.tracking_number as "trackingNumber",
               s.tracking_url as "trackingUrl", s.shipped_at as "shippedAt", c.lines,
               (select r.mark from recoveries r where r.restored_at <= s.created_at order by r.epoch desc limit 1) as "epochMark"
        from claimed c join shipments s on s.id = c.shipment_id join orders o on o.id = c.order_id
        order by s.shipped_at, s.number`,
  );
}
