import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { OrderId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { addTimeline } from './add-timeline.ts';
import { lockOrders } from './locks.ts';
import type { HoldKind } from './place-holds.ts';
import { refreshDemandFacts } from './refresh-demand-facts.ts';

export type HoldRelease = { readonly orderId: OrderId; readonly kind: HoldKind };

/** Lets orders go on. The last hold that goes makes their demand due; a hold that does not stand is no error. */
export async function releaseHolds(ctx: Ctx, holds: readonly HoldRelease[]): Promise<void> {
  authorise(ctx, 'orders:write');
  if (holds.length === 0) return;
  const orderIds = [...new Set(holds.map((hold) => hold.orderId))];
  await lockOrders(ctx, orderIds);
  const released = await rows<HoldRelease>(
    ctx.tx,
    sql`with released as (
        update order_holds h set released_at = ${ctx.now}, released_by = ${`${ctx.actor.kind}:${ctx.actor.id}`}
        from unnest(${list(
          'uuid',
          holds.map((hold) => hold.orderId),
        )},
                    ${list(
                      'text',
                      holds.map((hold) => hold.kind),
                    )}) as t(order_id, kind)
        where h.order_id = t.order_id and h.kind = t.kind and h.released_at is null
        returning h.order_id, h.kind
        ) select order_id as "orderId", kind from released order by order_id, kind`,
  );
  await addTimeline(
    ctx,
    released.map(({ orderId, kind }) => ({ orderId, kind: 'hold_released', data: { hold: kind } })),
  );
  await refreshDemandFacts(ctx, orderIds);
}
