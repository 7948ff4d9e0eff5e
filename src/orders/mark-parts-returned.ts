import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { OrderLineId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

/** Signed units of the listing: positive for units that enter a return, negative when the return is withdrawn. */
export type LineUnitsReturned = { readonly orderLineId: OrderLineId; readonly quantity: number };

/**
 * Counts units as being in returns, each line once. The caller holds the orders' locks and has checked the numbers; the
 * CHECK of the table is the net: no more than has left.
 */
export async function markPartsReturned(ctx: Ctx, lines: readonly LineUnitsReturned[]): Promise<void> {
  authorise(ctx, 'orders:write');
  if (lines.length === 0) return;
  const sums = new Map<OrderLineId, number>();
  for (const { orderLineId, quantity } of lines) sums.set(orderLineId, (sums.get(orderLineId) ?? 0) + quantity);
  await rows(
    ctx.tx,
    sql`update order_line_parts p set returned = p.returned + t.quantity * p.units_per_line
        from unnest(${list('uuid', sums.keys())}, ${list('int4', sums.values())}) as t(order_line_id, quantity)
        where p.order_line_id = t.order_line_id`,
  );
}
