import { sql } from 'drizzle-orm';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import type { LevelKey } from './level.ts';

/** Signed differences. Called only by the verbs that write the move or the reservation that explains them. */
export type LevelDelta = LevelKey & { readonly onHand: number; readonly reserved: number };

/** Adds to locked levels, one row a level. The CHECK of the table is the net under the caller's arithmetic. */
export async function writeLevels(ctx: Ctx, deltas: readonly LevelDelta[]): Promise<void> {
  await rows(
    ctx.tx,
    sql`update stock_levels set
          on_hand = stock_levels.on_hand + delta.on_hand,
          reserved = stock_levels.reserved + delta.reserved,
          updated_at = ${ctx.now}
        from unnest(
          ${list(
            'uuid',
            deltas.map((delta) => delta.skuId),
          )},
          ${list(
            'uuid',
            deltas.map((delta) => delta.warehouseId),
          )},
          ${list(
            'int4',
            deltas.map((delta) => delta.onHand),
          )},
          ${list(
            'int4',
            deltas.map((delta) => delta.reserved),
          )}
        ) as delta (sku_id, warehouse_id, on_hand, reserved)
        where stock_levels.sku_id = delta.sku_id and stock_levels.warehouse_id = delta.warehouse_id`,
  );
}
