import { sql } from 'drizzle-orm';
import { Fault, type OrderId, type OrderLineId, type ShopId } from '../kernel/index.ts';
import { lockOrders } from '../orders/index.ts';
import { firstRow, rows, type Ctx } from '../platform/db/index.ts';
import type { ReturnId, ReturnLineId, ReturnSource, ReturnState } from './return-states.ts';

/** Units of the listing. */
export type LockedLine = {
  readonly returnLineId: ReturnLineId;
  readonly orderLineId: OrderLineId;
  readonly quantity: number;
  readonly restocked: number;
  readonly scrapped: number;
  readonly notReturned: number;
};

export type LockedReturn = {
  readonly returnId: ReturnId;
  readonly number: number;
  readonly orderId: OrderId;
  readonly shopId: ShopId;
  readonly source: ReturnSource;
  readonly state: ReturnState;
  readonly reason: string;
  readonly lines: readonly LockedLine[];
};

/**
 * Locks the order of a return, then the return: whatever concerns the returns of an order takes its turn at the order
 * (DESIGN §1.3: orders before levels). Throws Fault not_found `return.not_found`.
 */
export async function lockReturn(ctx: Ctx, returnId: ReturnId): Promise<LockedReturn> {
  const of = await firstRow<{ orderId: OrderId }>(
    ctx.tx,
    sql`select order_id as "orderId" from returns where id = ${returnId}`,
  );
  if (of === null) throw new Fault('not_found', 'return.not_found', { data: { returnId } });
  await lockOrders(ctx, [of.orderId]);
  const found = await firstRow<Omit<LockedReturn, 'lines'>>(
    ctx.tx,
    sql`select id as "returnId", number, order_id as "orderId", shop_id as "shopId", source, state, reason
        from returns where id = ${returnId} for update`,
  );
  if (found === null) throw new Fault('not_found', 'return.not_found', { data: { returnId } });
  const lines = await rows<LockedLine>(
    ctx.tx,
    sql`select id as "returnLineId", order_line_id as "orderLineId", quantity, restocked, scrapped,
               not_returned as "notReturned"
        from return_lines where return_id = ${returnId} order by id`,
  );
  return { ...found, lines };
}

export function waiting({ quantity, restocked, scrapped, notReturned }: Omit<LockedLine, 'returnLineId'>): number {
  return quantity - restocked - scrapped - notReturned;
}
