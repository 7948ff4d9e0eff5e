import { sql } from 'drizzle-orm';
import type { PartId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

export function sumByPart(
  items: Iterable<{ readonly partId: PartId; readonly quantity: number }>,
): Map<PartId, number> {
  const sums = new Map<PartId, number>();
  for (const { partId, quantity } of items) sums.set(partId, (sums.get(partId) ?? 0) + quantity);
  return sums;
}

/** Adds signed units to locked demand. What comes back is due: the allocator looks at it again; what is used up is not. */
export async function moveDemand(ctx: Ctx, units: ReadonlyMap<PartId, number>): Promise<void> {
  await rows(
    ctx.tx,
    sql`update stock_demand set
          quantity = stock_demand.quantity + change.units,
          is_due = change.units > 0 or stock_demand.is_due and stock_demand.quantity + change.units > 0
        from unnest(${list('uuid', units.keys())}, ${list('int4', units.values())}) as change (part_id, units)
        where stock_demand.part_id = change.part_id`,
  );
}
