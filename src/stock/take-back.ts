import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { invalidField, positiveQuantity, type WarehouseId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { raiseStockChanged, raiseStockFreed } from './events.ts';
import { sumByLevel, type LevelKey } from './level.ts';
import { lockOrMakeLevels } from './locks.ts';
import { writeLevels } from './write-levels.ts';
import { writeMoves } from './write-moves.ts';

export type TakenBack = LevelKey & {
  /** SKU units, at least 1. */
  readonly quantity: number;
  /** What brought them back. */
  readonly reference: { readonly kind: string; readonly id: string };
  readonly note: string | null;
};

/**
 * Shipped goods are sellable again: one move `returned` a line, into the default bin. Whoever waits for these SKUs is
 * looked at again. The cost is not known: what they cost went out with the move that shipped them. Throws Fault
 * `input.invalid` (`warehouse.unknown`) for a warehouse that is none.
 */
export async function takeBack(ctx: Ctx, lines: readonly TakenBack[]): Promise<void> {
  authorise(ctx, 'stock:write');
  if (lines.length === 0) return;
  lines.forEach(({ quantity }, index) => positiveQuantity(quantity, `lines.${index}.quantity`));
  await refuseUnknownWarehouses(ctx, lines);
  const sums = sumByLevel(lines, (line) => line.quantity);
  await lockOrMakeLevels(ctx, sums);
  await writeLevels(
    ctx,
    sums.map((level) => ({ ...level, onHand: level.sum, reserved: 0 })),
  );
  await writeMoves(
    ctx,
    lines.map((line) => ({
      ...line,
      binCode: '',
      lotId: null,
      reason: 'returned',
      unitCost: null,
      costCurrency: null,
    })),
  );
  const skuIds = sums.map(({ skuId }) => skuId);
  raiseStockChanged(ctx, skuIds);
  raiseStockFreed(ctx, skuIds);
}

async function refuseUnknownWarehouses(ctx: Ctx, lines: readonly TakenBack[]): Promise<void> {
  const ids = lines.map((line) => line.warehouseId);
  const found = await rows<{ id: WarehouseId }>(
    ctx.tx,
    sql`select id from warehouses where kind = 'physical' and id = any(${list('uuid', ids)})`,
  );
  const known = new Set(found.map(({ id }) => id));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined) throw invalidField('warehouseId', 'warehouse.unknown', `${unknown} is not a warehouse`);
}
