import { sql } from 'drizzle-orm';
import type { OrderId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

/**
 * Derives `fulfilment_state` from the units: of the parts where a line has parts, else of the line as the channel shows it.
 * What was fulfilled elsewhere counts as done; cancelled units count as nothing.
 */
export async function refreshFulfilmentStates(ctx: Ctx, orderIds: readonly OrderId[]): Promise<void> {
  if (orderIds.length === 0) return;
  await rows(
    ctx.tx,
    sql`update orders o set fulfilment_state = u.state, updated_at = ${ctx.now}
        from (
          select order_id, case when sum(done) = 0 then 'open' when sum(open) = 0 then 'shipped' else 'partly_shipped' end as state
          from (
            select l.order_id,
                   case when p.id is null then least(l.channel_fulfilled_quantity, l.quantity) else p.shipped + p.shipped_elsewhere end as done,
                   case when p.id is null then greatest(l.quantity - l.cancelled_quantity - l.channel_fulfilled_quantity, 0)
                        else p.ordered - p.cancelled - p.shipped end as open
            from order_lines l left join order_line_parts p on p.order_line_id = l.id
            where l.order_id = any(${list('uuid', orderIds)})
          ) as units
          group by order_id
        ) as u
        where o.id = u.order_id and o.fulfilment_state <> u.state`,
  );
}
