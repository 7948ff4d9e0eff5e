import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, groupBy, type OrderId, type PartId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { refreshFulfilmentStates } from './refresh-fulfilment-states.ts';

export type PartQuantity = { readonly partId: PartId; readonly quantity: number };

/** Counts SKU units as shipped, once the goods have left. The caller holds the orders' locks. */
export async function markPartsShipped(ctx: Ctx, shipped: readonly PartQuantity[]): Promise<void> {
  authorise(ctx, 'shipments:write');
  if (shipped.length === 0) return;
  const byPart = [...groupBy(shipped, (each) => each.partId)].map(([partId, each]) => ({
    partId,
    quantity: each.reduce((sum, { quantity }) => sum + quantity, 0),
  }));
  const updated = await rows<{ orderId: OrderId }>(
    ctx.tx,
    sql`update order_line_parts p set shipped = p.shipped + t.quantity
        from unnest(${list(
          'uuid',
          byPart.map((each) => each.partId),
        )},
                    ${list(
                      'int4',
                      byPart.map((each) => each.quantity),
                    )}) as t(id, quantity)
        where p.id = t.id
        returning p.order_id as "orderId"`,
  );
  if (updated.length !== byPart.length) throw new Fault('not_found', 'order.part_unknown');
  await refreshFulfilmentStates(ctx, [...new Set(updated.map((row) => row.orderId))]);
}
