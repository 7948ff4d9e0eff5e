import type { LaneStep } from '../channels/index.ts';
import { sql } from 'drizzle-orm';

import type { OrderId } from '../kernel/index.ts';
import { releaseHolds } from '../orders/index.ts';
import { onBehalf, rows } from '../platform/db/index.ts';
import { systemActor } from './lane.ts';

/**
 * Lifts the hold of a cancel once the order has been read back after it: what the channel cancelled is freed by then, and
 * what it kept may go on. A webhook may come late with what was true before: while the read that the cancel asked for is not
 * answered and taken in, nothing is known.
 */
export const settleCancels: LaneStep = (deps, session, lease) =>
  deps.database.transact({ actor: systemActor }, async (ctx) => {
    await lease.guard(ctx);
    // A store that is told by message may tell the order's new state before it answers the message, by its own clock.
    const isAnswered =
      session.connector.deliveries === undefined
        ? sql`r.finished_at <= o.read_started_at`
        : sql`(o.cancelled_at is not null or r.sent_at <= o.read_started_at)`;
    const settled = await rows<{ orderId: OrderId }>(
      ctx.tx,
      sql`select h.order_id as "orderId" from order_holds h
          join orders o on o.id = h.order_id and o.shop_id = ${session.shop.shopId}
          where h.kind = 'cancel_asked' and h.released_at is null
            and exists (select 1 from channel_requests r where r.order_id = h.order_id and r.kind = 'cancel' and r.state = 'done')
            and not exists (
              select 1 from channel_requests r where r.order_id = h.order_id and r.kind = 'cancel'
                and (r.state in ('due', 'sending', 'unknown') or (r.state = 'done' and not ${isAnswered}))
            )
            and not exists (select 1 from order_reads n where n.shop_id = o.shop_id and n.external_id = o.external_id)
            and not exists (
              select 1 from inbox_events e
              where e.shop_id = o.shop_id and e.external_id = o.external_id and e.state = 'pending'
            )
          order by h.order_id limit 100`,
    );
    if (settled.length === 0) return { didWork: false };
    await releaseHolds(
      onBehalf(ctx, 'settle_cancels'),
      settled.map(({ orderId }) => ({ orderId, kind: 'cancel_asked' as const })),
    );
    return { didWork: true };
  });
