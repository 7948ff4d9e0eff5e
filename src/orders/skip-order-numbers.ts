import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { firstRow, rows, type AnyDb, type Ctx } from '../platform/db/index.ts';

/**
 * After a return to an earlier time: the numbers that orders got since stand on paper and in people's minds. New ones begin
 * well above: by a thousand and by a tenth, at a round thousand.
 */
export async function skipOrderNumbers(ctx: Ctx): Promise<void> {
  authorise(ctx, 'orders:write');
  await rows(
    ctx.tx,
    sql`select setval('orders_number_seq', (last_value + greatest(1000, last_value / 10) + 999) / 1000 * 1000) from orders_number_seq`,
  );
}

export type RefetchedOrders = {
  /** Taken in since. */
  readonly orders: number;
  /** Orders of which the channel shows units as shipped that did not leave here as far as we know, and those units. */
  readonly shippedElsewhere: number;
  readonly unitsElsewhere: number;
};

/** What reading the shops has brought since a return to an earlier time. */
export async function countRefetched(db: AnyDb, since: Date): Promise<RefetchedOrders> {
  const found = await firstRow<RefetchedOrders>(
    db,
    sql`select (select count(*) from orders where created_at >= ${since}) as orders,
               count(distinct order_id) as "shippedElsewhere",
               coalesce(sum((data->>'new')::int8 - (data->>'old')::int8), 0)::int8 as "unitsElsewhere"
        from order_timeline where kind = 'fulfilled_elsewhere' and at >= ${since}`,
  );
  return found ?? { orders: 0, shippedElsewhere: 0, unitsElsewhere: 0 };
}
