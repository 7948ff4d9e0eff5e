import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { newId, type OrderId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

export type TimelineKind =
  | 'taken_in'
  | 'edited'
  | 'address_changed'
  | 'paid'
  | 'payment_changed'
  | 'cancelled'
  | 'reopened'
  | 'lines_cancelled'
  | 'refunded'
  | 'shipped_on_channel'
  | 'fulfilled_elsewhere'
  | 'change_too_late'
  | 'superseded'
  | 'mapped'
  | 'hold_placed'
  | 'hold_released'
  | (string & {});

export type TimelineEntry = {
  readonly orderId: OrderId;
  readonly kind: TimelineKind;
  /** Ids, counts and amounts: no names, no addresses. */
  readonly data: Readonly<Record<string, unknown>>;
};

/** Writes what happened to orders, for people, in the order given. */
export async function addTimeline(ctx: Ctx, entries: readonly TimelineEntry[]): Promise<void> {
  authorise(ctx, 'orders:write');
  if (entries.length === 0) return;
  await rows(
    ctx.tx,
    sql`insert into order_timeline (id, order_id, at, kind, data, actor_kind, actor_id)
        select id, order_id, ${ctx.now}, kind, data, ${ctx.actor.kind}, ${ctx.actor.id}
        from unnest(${list(
          'uuid',
          entries.map(() => newId<'order_timeline'>()),
        )},
                    ${list(
                      'uuid',
                      entries.map((entry) => entry.orderId),
                    )},
                    ${list(
                      'text',
                      entries.map((entry) => entry.kind),
                    )},
                    ${list(
                      'jsonb',
                      entries.map((entry) => entry.data),
                    )}) as t(id, order_id, kind, data)`,
  );
}
