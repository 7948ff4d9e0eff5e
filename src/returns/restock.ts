import { sql } from 'drizzle-orm';
import { groupBy, type OrderLineId, type SkuId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { takeBack, type TakenBack } from '../stock/index.ts';
import type { LockedReturn } from './locks.ts';
import type { LineDecision } from './write-decisions.ts';

type Part = { readonly orderLineId: OrderLineId; readonly skuId: SkuId; readonly unitsPerLine: number };

/** Moves the goods of `restock` decisions in: every part of the line, in SKU units, each move naming its return line. */
export async function restock(ctx: Ctx, found: LockedReturn, decided: readonly LineDecision[]): Promise<void> {
  const orderLines = new Map(found.lines.map((line) => [line.returnLineId, line.orderLineId]));
  const parts = await rows<Part>(
    ctx.tx,
    sql`select order_line_id as "orderLineId", sku_id as "skuId", units_per_line as "unitsPerLine"
        from order_line_parts where order_line_id = any(${list('uuid', orderLines.values())}) order by id`,
  );
  const byLine = groupBy(parts, (part) => part.orderLineId);
  await takeBack(
    ctx,
    decided.flatMap(({ returnLineId, quantity, warehouseId, note }): TakenBack[] => {
      const orderLineId = orderLines.get(returnLineId);
      if (warehouseId === null || orderLineId === undefined) return [];
      return (byLine.get(orderLineId) ?? []).map(({ skuId, unitsPerLine }) => ({
        skuId,
        warehouseId,
        quantity: quantity * unitsPerLine,
        reference: { kind: 'return_line', id: returnLineId },
        note,
      }));
    }),
  );
}
