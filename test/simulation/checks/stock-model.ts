import { sql } from 'drizzle-orm';
import type { SkuId, WarehouseId } from '../../../src/kernel/index.ts';
import { rows, type Database } from '../../../src/platform/db/index.ts';

/** What lies where and what has left, told by the people who did it: plain maps, none of the product's tables. */
export type StockModel = {
  move(skuId: SkuId, warehouseId: WarehouseId, units: number): void;
  /** Units of a part that left; says so when it is more than was ever sold. */
  ship(partId: string, units: number, ordered: number): string | null;
  /** Differences between the model and the levels. */
  compare(database: Database): Promise<string[]>;
};

export function createStockModel(): StockModel {
  const onHand = new Map<string, number>();
  const shipped = new Map<string, number>();
  return {
    move(skuId, warehouseId, units) {
      const key = `${skuId}/${warehouseId}`;
      onHand.set(key, (onHand.get(key) ?? 0) + units);
    },
    ship(partId, units, ordered) {
      const total = (shipped.get(partId) ?? 0) + units;
      shipped.set(partId, total);
      return total > ordered ? `part ${partId}: ${total} units left, ${ordered} were sold` : null;
    },
    async compare(database) {
      const levels = await database.read((db) =>
        rows<{ key: string; onHand: number; reserved: number }>(
          db,
          sql`select sku_id || '/' || warehouse_id as key, on_hand as "onHand", reserved from stock_levels order by 1`,
        ),
      );
      const found = new Map(levels.map((level) => [level.key, level.onHand]));
      const keys = [...new Set([...onHand.keys(), ...found.keys()])].toSorted();
      return keys
        .filter((key) => (onHand.get(key) ?? 0) !== (found.get(key) ?? 0))
        .map((key) => `level ${key}: ${onHand.get(key) ?? 0} units lie there, the hub says ${found.get(key) ?? 0}`);
    },
  };
}
