import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { PartId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

/** The allocator has looked at these: they wait until something comes in for their SKU. The caller holds their orders. */
export async function clearDemandDue(ctx: Ctx, partIds: readonly PartId[]): Promise<void> {
  authorise(ctx, 'shipments:write');
  if (partIds.length === 0) return;
  await rows(
    ctx.tx,
    sql`update stock_demand set is_due = false
        where part_id in (
          select part_id from stock_demand where part_id = any(${list('uuid', partIds)}) and is_due
          order by part_id for update
        )`,
  );
}
