import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { PartId } from '../kernel/index.ts';
import { rows, unnest, type ColumnTypes, type Ctx } from '../platform/db/index.ts';

export type PartCounterChange = {
  readonly id: PartId;
  readonly ordered: number;
  readonly cancelled: number;
  readonly shippedElsewhere: number;
};

const counterColumns = {
  id: 'uuid',
  ordered: 'int4',
  cancelled: 'int4',
  shippedElsewhere: 'int4',
} as const satisfies ColumnTypes;

/** Sets counters of parts. The caller holds the orders' locks and changes demand by the same difference (invariant 4). */
export async function updatePartCounters(ctx: Ctx, changes: readonly PartCounterChange[]): Promise<void> {
  authorise(ctx, 'orders:write');
  if (changes.length === 0) return;
  await rows(
    ctx.tx,
    sql`update order_line_parts p set ordered = t.ordered, cancelled = t.cancelled, shipped_elsewhere = t.shipped_elsewhere
        from ${unnest(counterColumns, changes)} where p.id = t.id`,
  );
}
