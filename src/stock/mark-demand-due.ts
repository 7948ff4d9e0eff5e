import { sql } from 'drizzle-orm';
import type { SkuId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { raiseDemandDue } from './events.ts';

/**
 * Whoever waits for these SKUs is looked at again, also the held: their turn comes when the hold goes. The marker of
 * `stock.freed`: it runs at the end of a transaction, after every level that it needs is locked.
 */
export async function markDemandDue(ctx: Ctx, skuIds: readonly SkuId[]): Promise<void> {
  if (skuIds.length === 0) return;
  const [due] = await rows<{ allocatable: number }>(
    ctx.tx,
    sql`with waiting as (
          select part_id from stock_demand
          where sku_id = any(${list('uuid', skuIds)}) and quantity > 0 and not is_due
          order by part_id
          for update
        ), woken as (
          update stock_demand set is_due = true from waiting where stock_demand.part_id = waiting.part_id
          returning is_held
        )
        select count(*) filter (where not is_held)::int4 as allocatable from woken`,
  );
  if (due !== undefined && due.allocatable > 0) raiseDemandDue(ctx);
}
