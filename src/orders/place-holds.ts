import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, newId, type OrderId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { addTimeline } from './add-timeline.ts';
import { lockOrders } from './locks.ts';
import { refreshDemandFacts } from './refresh-demand-facts.ts';

export const holdKinds = [
  'unpaid',
  'unmapped',
  'address',
  'approval',
  'fraud',
  'refund_asked',
  'cancel_asked',
  'manual',
] as const;

export type HoldKind = (typeof holdKinds)[number];

export type NewHold = {
  readonly orderId: OrderId;
  readonly kind: HoldKind;
  /** Why, in ids and codes. `source: 'channel'` marks holds that come and go with the channel's documents. */
  readonly cause: Readonly<Record<string, unknown>>;
};

/**
 * Stops allocation of these orders, never their claim. A hold that already stands stays as it is. Throws Fault
 * `order.unknown`.
 */
export async function placeHolds(ctx: Ctx, holds: readonly NewHold[]): Promise<void> {
  authorise(ctx, 'orders:write');
  if (holds.length === 0) return;
  const orderIds = [...new Set(holds.map((hold) => hold.orderId))];
  const locked = new Set(await lockOrders(ctx, orderIds));
  const unknown = orderIds.find((orderId) => !locked.has(orderId));
  if (unknown !== undefined) throw new Fault('not_found', 'order.unknown', { data: { orderId: unknown } });
  const placed = await rows<{ orderId: OrderId; kind: HoldKind }>(
    ctx.tx,
    sql`insert into order_holds (id, order_id, kind, cause, placed_at)
        select id, order_id, kind, cause, ${ctx.now}
        from unnest(${list(
          'uuid',
          holds.map(() => newId<'order_hold'>()),
        )},
                    ${list(
                      'uuid',
                      holds.map((hold) => hold.orderId),
                    )},
                    ${list(
                      'text',
                      holds.map((hold) => hold.kind),
                    )},
                    ${list(
                      'jsonb',
                      holds.map((hold) => hold.cause),
                    )}) as t(id, order_id, kind, cause)
        on conflict (order_id, kind) where released_at is null do nothing
        returning order_id as "orderId", kind`,
  );
  await addTimeline(
    ctx,
    placed.map(({ orderId, kind }) => ({ orderId, kind: 'hold_placed', data: { hold: kind } })),
  );
  await refreshDemandFacts(ctx, orderIds);
}
