import { sql } from 'drizzle-orm';
import type { OrderId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

/** Locks the orders that exist, by id (DESIGN §1.3: before order lines, shipments and levels), and returns their ids. */
export async function lockOrders(ctx: Ctx, orderIds: readonly OrderId[]): Promise<OrderId[]> {
  const locked = await rows<{ id: OrderId }>(
    ctx.tx,
    sql`select id from orders where id = any(${list('uuid', orderIds)}) order by orders.id for update`,
  );
  return locked.map((row) => row.id);
}
