import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { groupBy, type OrderLineId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

/** Units of the listing that the channel has agreed to show as shipped. */
export type LineQuantityShown = { readonly orderLineId: OrderLineId; readonly quantity: number };

/** After our announcement succeeded: the channel shows these units too. Never more than were sold. */
export async function recordChannelFulfilment(ctx: Ctx, shown: readonly LineQuantityShown[]): Promise<void> {
  authorise(ctx, 'orders:write');
  if (shown.length === 0) return;
  const byLine = [...groupBy(shown, (each) => each.orderLineId)].map(([orderLineId, each]) => ({
    orderLineId,
    quantity: each.reduce((sum, { quantity }) => sum + quantity, 0),
  }));
  await rows(
    ctx.tx,
    sql`update order_lines l
        set channel_fulfilled_quantity = greatest(l.channel_fulfilled_quantity, least(l.quantity, l.channel_fulfilled_quantity + t.quantity))
        from unnest(${list(
          'uuid',
          byLine.map((each) => each.orderLineId),
        )},
                    ${list(
                      'int4',
                      byLine.map((each) => each.quantity),
                    )}) as t(id, quantity)
        where l.id = t.id`,
  );
}
